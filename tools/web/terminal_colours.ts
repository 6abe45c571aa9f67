/** The colours of a terminal on a dark page, where one works in it and where one looks at it. */
export const ansi = {
  black: '#1c222b',
  red: '#ff7b72',
  green: '#6fd69b',
  yellow: '#e3b341',
  blue: '#79b8ff',
  magenta: '#d2a8ff',
  cyan: '#76e3ea',
  white: '#d6dbe3',
  brightBlack: '#8b95a5',
  brightRed: '#ffa198',
  brightGreen: '#a2e8bf',
  brightYellow: '#f2cc60',
  brightBlue: '#a5d3ff',
  brightMagenta: '#e2c5ff',
  brightCyan: '#b3f0f4',
  brightWhite: '#ffffff',
} as const;

export const dark = {
  background: '#0e1116',
  foreground: '#e8ebf0',
  cursor: '#8fb2ff',
  selectionBackground: '#2f4a7d',
  ...ansi,
} as const;
