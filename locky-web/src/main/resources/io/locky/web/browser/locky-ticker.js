// Ticks for locky.js. Browsers run the timers of a page in the background once a minute; those of a worker they leave alone.
setInterval(() => postMessage(0), 250);
