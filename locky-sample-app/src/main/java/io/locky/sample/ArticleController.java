package io.locky.sample;

import java.util.Optional;

import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.ResourceLockedException;
import io.locky.core.LockyTemplate;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Locks of articles over HTTP. Who asks is a parameter here; an application would take it
 * from the log-in.
 */
@RestController
@RequestMapping("/articles/{id}")
class ArticleController {

	private final LockyTemplate locks;

	private final Press press;

	ArticleController(LockyTemplate locks, Press press) {
		this.locks = locks;
		this.press = press;
	}

	@PostMapping("/lock")
	ResponseEntity<LockView> lock(@PathVariable long id, @RequestParam String user) {
		return acquire(LockRequest.of("article:" + id).by(user));
	}

	@PostMapping("/takeover")
	ResponseEntity<LockView> takeOver(@PathVariable long id, @RequestParam String user) {
		return acquire(LockRequest.of("article:" + id).by(user).force());
	}

	@PostMapping("/refresh")
	ResponseEntity<LockView> refresh(@PathVariable long id, @RequestParam String user) {
		return answer(this.locks.refresh("article:" + id, user), id);
	}

	@DeleteMapping("/lock")
	ResponseEntity<LockView> unlock(@PathVariable long id, @RequestParam String user) {
		return this.locks.unlock("article:" + id, user) ? ResponseEntity.noContent().build() : answer(false, id);
	}

	@GetMapping("/lock")
	ResponseEntity<LockView> holder(@PathVariable long id) {
		return answer(true, id);
	}

	@PostMapping("/publish")
	String publish(@PathVariable long id) {
		return this.press.publish(id);
	}

	@ExceptionHandler
	ResponseEntity<String> badName(IllegalArgumentException ex) {
		return ResponseEntity.badRequest().body(ex.getMessage());
	}

	@ExceptionHandler
	ResponseEntity<LockView> locked(ResourceLockedException ex) {
		return ResponseEntity.status(HttpStatus.LOCKED).body(LockView.of(ex.getHolder()));
	}

	private ResponseEntity<LockView> acquire(LockRequest request) {
		if (this.locks.tryLock(request) instanceof LockAttempt.Denied denied) {
			return answer(Optional.ofNullable(denied.holder()), HttpStatus.LOCKED);
		}
		return answer(this.locks.find(request.resource()), HttpStatus.OK);
	}

	private ResponseEntity<LockView> answer(boolean done, long id) {
		return answer(this.locks.find("article:" + id), done ? HttpStatus.OK : HttpStatus.LOCKED);
	}

	private static ResponseEntity<LockView> answer(Optional<LockInfo> lock, HttpStatus status) {
		return lock.map((held) -> ResponseEntity.status(status).body(LockView.of(held)))
			.orElseGet(() -> ResponseEntity.notFound().build());
	}

}
