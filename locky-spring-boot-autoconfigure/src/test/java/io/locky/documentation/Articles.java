package io.locky.documentation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.annotation.Locked;
import io.locky.annotation.RequiresLock;
import io.locky.event.LockExpiredEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

@Service
class Articles {

	private final Map<Long, String> texts = new ConcurrentHashMap<>();

	private final List<String> abandoned = new CopyOnWriteArrayList<>();

	@Locked(value = "article:#<id>", locker = "#<user>")
	void publish(long id, String user) {
		this.texts.put(id, "published");
	}

	@RequiresLock(value = "article:#<id>", locker = "#<user>", fence = "#<fence>")
	void save(long id, String user, long fence, String text) {
		this.texts.put(id, text);
	}

	String text(long id) {
		return this.texts.getOrDefault(id, "");
	}

	@EventListener
	void onExpired(LockExpiredEvent event) {
		this.abandoned.add(event.getLocker() + " left " + event.getResource());
	}

	List<String> abandoned() {
		return this.abandoned;
	}

}
