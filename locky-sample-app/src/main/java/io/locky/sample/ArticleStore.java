package io.locky.sample;

import java.util.List;
import java.util.Optional;

import io.locky.FencedUpdate;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The articles in the database. The {@code UPDATE} checks the fencing token of the lock,
 * so that a stale holder cannot overwrite the next one, even if Redis lost the lock.
 */
@Repository
class ArticleStore {

	private static final String SELECT = "SELECT id, section, title, text, saved_by, saved_at, lock_fence FROM article ";

	private final JdbcClient jdbc;

	ArticleStore(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	List<Article> findAll() {
		return this.jdbc.sql(SELECT + "ORDER BY id").query(Article.class).list();
	}

	Optional<Article> find(long id) {
		return this.jdbc.sql(SELECT + "WHERE id = ?").param(id).query(Article.class).optional();
	}

	void save(long id, String title, String text, String user, long fence) {
		int rows = this.jdbc.sql("""
				UPDATE article SET title = ?, text = ?, saved_by = ?, saved_at = CURRENT_TIMESTAMP, lock_fence = ?
				WHERE id = ? AND lock_fence <= ?""").params(title, text, user, fence, id, fence).update();
		FencedUpdate.requireSaved(rows, "article:" + id, fence);
	}

}
