package io.locky.application;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.event.LockExpiredEvent;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/**
 * An application that the restart loader of devtools starts twice, and that prints what
 * it does.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class RestartingApplication {

	private static final String RUN = "run.of.the.application";

	private static final String THREADS = "threads.of.the.first.run";

	private final int run = Integer.getInteger(RUN, 0) + 1;

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(RestartingApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.run(args);
	}

	@Bean
	Desk desk() {
		return new Desk();
	}

	/** Not before: a restart during the start would leave the first context alone. */
	@EventListener
	void on(ApplicationReadyEvent event) {
		print("is loaded by " + getClass().getClassLoader().getClass().getSimpleName());
		print(event.getApplicationContext().getBean(Desk.class).edit(1));
		event.getApplicationContext()
			.getBean(LockyTemplate.class)
			.lock(LockRequest.of("article:2").by("ann").ttl(Duration.ofMillis(100)));
	}

	@EventListener
	void on(LockExpiredEvent event) {
		print("expired " + event.getResource());
		System.setProperty(RUN, String.valueOf(this.run));
		if (this.run == 1) {
			System.setProperty(THREADS, String.join(",", threads()));
			Restarter restarter = Restarter.getInstance();
			CompletableFuture.runAsync(restarter::restart);
		}
		else {
			Set<String> left = threads();
			left.retainAll(Arrays.asList(System.getProperty(THREADS, "").split(",")));
			print("threads of the first run: " + left);
		}
	}

	/** Of Locky, with their ids, which are not used again. */
	private static Set<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("locky-"))
			.map((thread) -> thread.getName() + " " + thread.getId())
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private void print(String text) {
		System.out.println("run " + this.run + " " + text);
	}

}
