// Ticks for locky.js. In a background tab, browsers run the timers of the page only once a minute, but not those of a worker.
setInterval(() => postMessage(0), 250);
