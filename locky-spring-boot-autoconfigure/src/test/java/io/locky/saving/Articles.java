package io.locky.saving;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/**
 * Articles, saved by the holders of their locks.
 */
interface Articles extends JpaRepository<Article, Long> {

	@Modifying
	@Query("update Article a set a.text = :text, a.lockFence = :fence where a.id = :id and a.lockFence <= :fence")
	int save(long id, String text, long fence);

	@Modifying(flushAutomatically = true, clearAutomatically = true)
	@Query("update Article a set a.lockFence = :fence where a.id = :id and a.lockFence <= :fence")
	int claim(long id, long fence);

}
