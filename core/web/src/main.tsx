import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { whenSessionChanges, whenSessionEnds } from '~/api/client';
import { dropSession, queryClient, sessionQuery } from '~/api/queries';
import { router } from '~/app/router';
import { applyStoredTheme } from '~/app/theme';
import { ToastPlace } from '~/ui/toast';
import '~/styles/tokens.css';
import '~/styles/base.css';

applyStoredTheme();

whenSessionEnds(() => {
  const { pathname, href } = router.state.location;
  if (pathname === '/sign-in') return;
  dropSession();
  void router.navigate({ to: '/sign-in', search: { from: href }, replace: true, ignoreBlocker: true });
});

whenSessionChanges(() => void queryClient.refetchQueries({ queryKey: sessionQuery.queryKey }));

const place = document.getElementById('root');
if (place) {
  createRoot(place).render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <ToastPlace />
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  );
}
