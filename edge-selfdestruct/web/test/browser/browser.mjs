import { chromium } from 'playwright-core';
import * as shared from '../../../../tools/web/browser.mjs';

export * from '../../../../tools/web/browser.mjs';
export const launch = () => shared.launch(chromium);
