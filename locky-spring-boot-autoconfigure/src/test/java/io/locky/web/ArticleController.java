package io.locky.web;

import io.locky.FencedUpdate;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.annotation.Locked;
import io.locky.annotation.RequiresLock;
import reactor.core.publisher.Mono;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * A controller of an application that uses locks.
 */
@RestController
class ArticleController {

	private final LockyOperations locks;

	ArticleController(LockyOperations locks) {
		this.locks = locks;
	}

	@PostMapping("/articles/{id}/publish")
	@Locked("article:#<id>")
	String publish(@PathVariable long id) {
		return "published";
	}

	@PutMapping("/articles/{id}")
	@RequiresLock(value = "article:#<id>", locker = "#user", fence = "#<fence>")
	Mono<String> save(@PathVariable long id, @RequestParam String user, @RequestParam long fence) {
		return Mono.just("saved");
	}

	@PutMapping("/articles/{id}/lose")
	@Locked("article:#<id>")
	boolean lose(@PathVariable long id) {
		return this.locks.lock(LockRequest.of("article:" + id).by("thief").force());
	}

	@PostMapping("/desks/{name}/open")
	@Locked("desk:#<name>")
	String open(@PathVariable String name) {
		return "open";
	}

	@PutMapping("/desks/{name}")
	@RequiresLock(value = "desk:#<name>", fence = "#<fence>")
	Mono<String> save(@PathVariable String name, @RequestParam(defaultValue = "1") String fence) {
		return Mono.just("saved");
	}

	@PutMapping("/articles/{id}/late")
	String saveLate(@PathVariable long id) {
		FencedUpdate.requireSaved(0, "article:" + id, 17);
		return "saved";
	}

}
