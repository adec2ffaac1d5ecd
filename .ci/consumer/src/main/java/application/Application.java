package application;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.annotation.Locked;
import io.locky.core.LockyTemplate;
import io.locky.event.LockExpiredEvent;
import redis.embedded.RedisServer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Holds locks as the README shows, and fails if something is not as it says.
 */
@SpringBootApplication
public class Application {

	public static void main(String[] args) throws Exception {
		int port = freePort();
		RedisServer redis = RedisServer.builder().bind("127.0.0.1").port(port).setting("save \"\"").build();
		redis.start();
		try (ConfigurableApplicationContext context = SpringApplication.run(Application.class,
				"--spring.data.redis.url=redis://127.0.0.1:" + port, "--locky.ttl=30s", "--logging.level.root=warn",
				"--spring.main.banner-mode=off")) {
			use(context.getBean(LockyTemplate.class), context.getBean(Desk.class));
			System.out.println("Locky " + LockyTemplate.class.getPackage().getImplementationVersion() + " works in "
					+ LockyTemplate.class.getProtectionDomain().getCodeSource().getLocation());
		}
		finally {
			redis.stop();
		}
	}

	private static int freePort() throws Exception {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private static void use(LockyTemplate locks, Desk desk) throws Exception {
		require(locks.lock("article:12", 20), "a free lock is granted");
		require(locks.tryLock(LockRequest.of("article:12").by(21)) instanceof LockAttempt.Denied,
				"a held lock is denied");
		require(locks.refresh("article:12", 20), "its holder refreshes it");
		require("20".equals(locks.getLocker("article:12")), "everybody sees its holder");
		require(locks.unlock("article:12", 20), "its holder releases it");
		require(desk.publish(locks, 12), "the lock is held inside the method");
		require(locks.find("article:12").isEmpty(), "and free after it");
		locks.lock(LockRequest.of("article:13").by(20).ttl(Duration.ofMillis(50)));
		require("article:13".equals(desk.expired()), "the expiry is published");
	}

	private static void require(boolean holds, String what) {
		if (!holds) {
			throw new IllegalStateException("This is not so: " + what);
		}
	}

	/**
	 * A bean with a locked method and a listener.
	 */
	@Component
	public static class Desk {

		private final CompletableFuture<String> expired = new CompletableFuture<>();

		/**
		 * Publishes the article.
		 * @param locks the locks
		 * @param id the article
		 * @return whether it is locked meanwhile
		 */
		@Locked("article:#<id>")
		public boolean publish(LockyTemplate locks, long id) {
			return locks.find("article:" + id).isPresent();
		}

		/**
		 * Waits for the first expiry. Spring makes a proxy of this bean, which has no fields.
		 * @return the resource that expired
		 * @throws Exception if none does
		 */
		public String expired() throws Exception {
			return this.expired.get(20, TimeUnit.SECONDS);
		}

		@EventListener
		void on(LockExpiredEvent event) {
			this.expired.complete(event.getResource());
		}

	}

}
