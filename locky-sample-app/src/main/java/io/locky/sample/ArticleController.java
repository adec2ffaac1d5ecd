package io.locky.sample;

import java.security.Principal;
import java.util.List;

import io.locky.annotation.RequiresLock;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Reads and saves articles. The endpoints of the starter handle their locks.
 */
@RestController
@RequestMapping("/api/articles")
class ArticleController {

	private final ArticleStore articles;

	ArticleController(ArticleStore articles) {
		this.articles = articles;
	}

	@GetMapping
	List<Article> list() {
		return this.articles.findAll();
	}

	@GetMapping("/{id}")
	ResponseEntity<Article> read(@PathVariable long id) {
		return ResponseEntity.of(this.articles.find(id));
	}

	/**
	 * Saves an article, if the user holds its lock by the grant of the page that saves.
	 */
	@PutMapping("/{id}")
	@RequiresLock(value = "article:#<id>", fence = "#<draft.fence>")
	ResponseEntity<Article> save(@PathVariable long id, @RequestBody Draft draft, Principal user) {
		this.articles.save(id, draft.title(), draft.text(), user.getName(), draft.fence());
		return read(id);
	}

	record Draft(String title, String text, long fence) {

	}

}
