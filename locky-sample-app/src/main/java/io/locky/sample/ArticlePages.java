package io.locky.sample;

import java.security.Principal;

import io.locky.annotation.RequiresLock;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/**
 * The page of an article, and one for its headline alone, whose form locks the article
 * without JavaScript of the sample: see {@code templates/headline.html}.
 */
@Controller
class ArticlePages {

	private final ArticleStore articles;

	ArticlePages(ArticleStore articles) {
		this.articles = articles;
	}

	@GetMapping("/article.html")
	String article(@RequestParam long id, Model model) {
		model.addAttribute("article", find(id));
		return "article";
	}

	@GetMapping("/articles/{id}/headline")
	String headline(@PathVariable long id, Model model) {
		model.addAttribute("article", find(id));
		return "headline";
	}

	@PostMapping("/articles/{id}/headline")
	@RequiresLock(value = "article:#<id>", fence = "#<fence>")
	String save(@PathVariable long id, @RequestParam String title, @RequestParam long fence, Principal user) {
		this.articles.save(id, title, find(id).text(), user.getName(), fence);
		return "redirect:/";
	}

	private Article find(long id) {
		return this.articles.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
	}

}
