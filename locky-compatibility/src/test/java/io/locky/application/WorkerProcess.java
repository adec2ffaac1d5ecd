package io.locky.application;

import io.locky.event.LockExpiredEvent;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/**
 * A worker whose main method returns.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class WorkerProcess {

	static final String STARTED = "The worker has started";

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(WorkerProcess.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.run(args);
		System.out.println(STARTED);
	}

	@EventListener
	void on(LockExpiredEvent event) {
		System.out.println("expired " + event.getResource());
	}

}
