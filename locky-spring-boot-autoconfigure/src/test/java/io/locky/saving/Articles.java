package io.locky.saving;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.query.Param;

/**
 * Articles, saved by the holders of their locks.
 */
interface Articles extends JpaRepository<Article, Long> {

	@Modifying
	@Query("update Article a set a.text = :text, a.lockFence = :fence where a.id = :id and a.lockFence <= :fence")
	int save(@Param("id") long id, @Param("text") String text, @Param("fence") long fence);

	@Modifying(flushAutomatically = true, clearAutomatically = true)
	@Query("update Article a set a.lockFence = :fence where a.id = :id and a.lockFence <= :fence")
	int claim(@Param("id") long id, @Param("fence") long fence);

}
