package io.locky.sample;

import java.security.Principal;

import io.locky.annotation.RequiresLock;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/**
 * A page of the server for the headline alone. Its form locks the article without
 * JavaScript of the sample: see {@code templates/headline.html}.
 */
@Controller
@RequestMapping("/articles/{id}/headline")
class HeadlineController {

	private final ArticleStore articles;

	HeadlineController(ArticleStore articles) {
		this.articles = articles;
	}

	@GetMapping
	String form(@PathVariable long id, Model model) {
		model.addAttribute("article", article(id));
		return "headline";
	}

	@PostMapping
	@RequiresLock(value = "article:#<id>", fence = "#<fence>")
	String save(@PathVariable long id, @RequestParam String title, @RequestParam long fence, Principal user) {
		this.articles.save(id, title, article(id).text(), user.getName(), fence);
		return "redirect:/";
	}

	private Article article(long id) {
		return this.articles.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
	}

}
