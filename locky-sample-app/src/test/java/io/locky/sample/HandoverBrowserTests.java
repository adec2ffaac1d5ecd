package io.locky.sample;

import java.time.Duration;

import io.locky.LockInfo;
import io.locky.browser.Page;
import io.locky.browser.RequiresBrowser;
import io.locky.core.LockyTemplate;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two people, of whom one asks the other for a lock.
 */
@RequiresBrowser
class HandoverBrowserTests {

	private static final String SILENT = "article:3";

	@RegisterExtension
	static final OpenNewsroom newsroom = new OpenNewsroom(
			() -> RunningNewsroom.startWith("--locky.handover.enabled=true", Policies.class));

	@Test
	void holderSaysNoThenLaterThenNow() {
		Page ines = holds("Ines", "article:1");
		Page tom = asks("Tom", "article:1", "There is a typo");
		ines.sees("#heard", "Tom: There is a typo");
		ines.evaluate("handover.answer(lock, asked, { no: 'I am in the middle of it' })");
		tom.sees("#heard", "no, I am in the middle of it");
		ines.evaluate("handover.answer(lock, asked, { later: 300 })");
		tom.sees("#heard", "later, in 5 min");
		assertThat(tom.evaluate("window.lock?.held ?? false").asBoolean()).isFalse();
		ines.evaluate("handover.answer(lock, asked, 'now')");
		tom.waitsFor("window.lock?.held");
		tom.sees("#heard", "now");
		ines.waitsFor("lost === 'takenover' && !lock.held");
		LockInfo lock = newsroom.bean(LockyTemplate.class).find("article:1").orElseThrow();
		assertThat(lock).returns("Tom", LockInfo::locker).returns(tom.evaluate("lock.fence").asLong(), LockInfo::fence);
		assertThat(tom.evaluate("lock.check()").asBoolean()).isTrue();
		// A heartbeat may be on its way when the lock is handed over.
		assertThat(ines.errors()).allMatch((error) -> error.contains("409"));
	}

	@Test
	void laterIsClaimedWhenItsTimeHasCome() {
		Page ines = holds("Ines", "article:2");
		Page tom = asks("Tom", "article:2", "");
		ines.waitsFor("window.asked");
		ines.evaluate("handover.answer(lock, asked, { later: 2 })");
		tom.sees("#heard", "later, in 0 min");
		tom.waitsFor("window.lock?.held");
		ines.waitsFor("lost === 'takenover'");
		assertThat(newsroom.bean(LockyTemplate.class).getLocker("article:2")).isEqualTo("Tom");
	}

	@Test
	void silenceLetsTheAskerHaveIt() {
		Page ines = holds("Ines", SILENT);
		Page tom = asks("Tom", SILENT, "Are you there?");
		tom.waitsFor("window.lock?.held");
		ines.waitsFor("lost === 'takenover'");
		assertThat(ines.text("#heard")).contains("Tom: Are you there?");
	}

	@Test
	void lockThatIsReleasedGoesToTheAsker() {
		Page ines = holds("Ines", "article:4");
		Page tom = asks("Tom", "article:4", "");
		ines.waitsFor("window.asked");
		ines.evaluate("lock.release()");
		tom.waitsFor("window.lock?.held");
	}

	@Test
	void requestThatIsWithdrawnIsGone() {
		Page ines = holds("Ines", "article:5");
		Page tom = asks("Tom", "article:5", "");
		ines.waitsFor("window.asked");
		tom.evaluate("asking.withdraw()");
		ines.sees("#heard", "Tom asks no more");
		assertThat(ines.evaluate("lock.check()").asBoolean()).isTrue();
	}

	private static Page holds(String name, String resource) {
		Page page = module(name);
		page.evaluate("""
				locky.acquire('%s', { onLost: ({ reason }) => { window.lost = reason; } }).then((lock) => {
					window.lock = lock;
					handover.onAsked(lock, (request) => {
						window.asked = request;
						hear(`${request.locker}: ${request.note ?? ''}`);
					}, { onWithdrawn: ({ locker }) => hear(`${locker} asks no more`) });
				})""".formatted(resource));
		return page;
	}

	private static Page asks(String name, String resource, String note) {
		Page page = module(name);
		page.evaluate("""
				handover.ask('%s', {
					note: '%s',
					onAnswer: ({ answer, reason, claimableIn }) =>
						hear(`${answer}, ${reason ?? `in ${Math.round(claimableIn / 60)} min`}`),
					onGranted: (lock) => { window.lock = lock; },
				}).then((asking) => { window.asking = asking; })""".formatted(resource, note));
		return page;
	}

	private static Page module(String name) {
		Page page = newsroom.logsIn(name).page();
		page.go(newsroom.url() + "/login.html");
		page.waitsFor("location.pathname === '/login.html' && document.readyState === 'complete'");
		page.evaluate("""
				document.body.insertAdjacentHTML('beforeend', '<ul id=heard></ul>');
				window.hear = (text) => {
					const line = document.createElement('li');
					line.textContent = text;
					document.getElementById('heard').append(line);
				};
				Promise.all([import('/locky/locky.js'), import('/locky/locky-handover.js')])
					.then(([locky, handover]) => { Object.assign(window, { locky, handover }); })""");
		return page;
	}

	/** Not a configuration, which the newsroom would find in every test. */
	static class Policies {

		@Bean
		@Primary
		LockAccessPolicy impatient() {
			return new LockAccessPolicy() {

				@Override
				public boolean mayLock(LockCaller caller, String resource) {
					return true;
				}

				@Override
				public @Nullable Duration silence(LockCaller caller, LockInfo current) {
					return current.resource().equals(SILENT) ? Duration.ofSeconds(2) : null;
				}

			};
		}

	}

}
