package io.locky.sample;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * Starts the newsroom.
 */
@SpringBootApplication
@EnableScheduling
public class SampleApplication {

	private static final Logger logger = LoggerFactory.getLogger(SampleApplication.class);

	/**
	 * Starts the newsroom.
	 * @param args the command line
	 */
	public static void main(String[] args) {
		// A second instance opens the database through a port of the first.
		System.setProperty("h2.bindAddress", "127.0.0.1");
		SpringApplication.run(SampleApplication.class, args);
	}

	@EventListener
	void on(ApplicationReadyEvent ready) {
		Environment environment = ready.getApplicationContext().getEnvironment();
		logger.info("The newsroom is open, in two windows if you like: http://localhost:{}",
				environment.getProperty("local.server.port"));
	}

}
