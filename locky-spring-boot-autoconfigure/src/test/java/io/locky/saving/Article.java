package io.locky.saving;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/**
 * What a lock protects.
 */
@Entity
class Article {

	@Id
	private @Nullable Long id;

	private String text = "";

	@Column(nullable = false)
	private long lockFence;

	protected Article() {
	}

	Article(long id, String text) {
		this.id = id;
		this.text = text;
	}

	@Nullable Long getId() {
		return this.id;
	}

	String getText() {
		return this.text;
	}

	void setText(String text) {
		this.text = text;
	}

	long getLockFence() {
		return this.lockFence;
	}

}
