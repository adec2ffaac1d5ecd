package io.locky.application;

import io.locky.application.Articles.Article;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

import org.springframework.data.jpa.repository.JpaRepository;

/**
 * A repository of JPA, which Spring Data Redis finds too.
 */
interface Articles extends JpaRepository<Article, Long> {

	@Entity(name = "article")
	class Article {

		@Id
		private long id;

		private String title = "";

		protected Article() {
		}

		Article(long id, String title) {
			this.id = id;
			this.title = title;
		}

		String title() {
			return this.title;
		}

	}

}
