package io.locky.sample;

import java.security.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.locky.annotation.RequiresLock;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The unsaved text of a holder who lets go, for the next holder: one for each article, in
 * the memory of this instance.
 */
@RestController
@RequestMapping("/api/articles/{id}/handed")
class HandedTexts {

	private final Map<Long, HandedText> texts = new ConcurrentHashMap<>();

	private final ArticleStore articles;

	HandedTexts(ArticleStore articles) {
		this.articles = articles;
	}

	@PutMapping
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@RequiresLock(value = "article:#<id>", fence = "#<draft.fence>")
	void put(@PathVariable long id, @RequestBody ArticleController.Draft draft, Principal user) {
		if (this.articles.find(id).isPresent()) {
			this.texts.put(id, new HandedText(user.getName(), draft.title(), draft.text()));
		}
	}

	@DeleteMapping
	@RequiresLock(value = "article:#<id>", fence = "#<fence>")
	@Nullable HandedText take(@PathVariable long id, @RequestParam long fence, Principal user) {
		HandedText text = this.texts.remove(id);
		return (text != null && !text.from().equals(user.getName())) ? text : null;
	}

	record HandedText(String from, String title, String text) {

	}

}
