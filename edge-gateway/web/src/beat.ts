/** Timers of a page in the background run once a minute; those of a worker do not. */
setInterval(() => postMessage(0), 10_000);
