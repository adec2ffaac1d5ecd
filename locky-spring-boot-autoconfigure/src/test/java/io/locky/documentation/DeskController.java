package io.locky.documentation;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

@RestController
class DeskController {

	private final Desk desk;

	DeskController(Desk desk) {
		this.desk = desk;
	}

	@PostMapping("/articles/{id}/publication")
	Mono<String> publish(@PathVariable long id, @RequestParam String user) {
		return this.desk.publish(id, user);
	}

}
