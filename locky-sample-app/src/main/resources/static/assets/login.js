// Enables the log-in form. It reads the CSRF token when it is sent: another tab may have got a new one.

const form = document.querySelector('form');
form.addEventListener('submit', () => {
	const token = document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]*)/)?.[1] ?? '';
	form.elements._csrf.value = decodeURIComponent(token);
});
form.querySelector('fieldset').disabled = false;
