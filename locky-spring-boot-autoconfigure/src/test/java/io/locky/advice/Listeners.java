package io.locky.advice;

import io.locky.annotation.Locked;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.annotation.RedisListener;
import org.springframework.integration.annotation.ServiceActivator;
import org.springframework.jms.annotation.JmsListener;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Listeners of every kind, which record that they run.
 */
public class Listeners {

	private final Trace trace;

	public Listeners(Trace trace) {
		this.trace = trace;
	}

	@Locked("redis")
	@RedisListener("${listeners.channel}")
	public void redis(String message) {
		record("redis");
	}

	@Locked("kafka")
	@KafkaListener(id = "kafka", topics = "topic", autoStartup = "false")
	public void kafka(String message) {
		record("kafka");
	}

	@Locked("rabbit")
	@RabbitListener(id = "rabbit", queues = "queue", autoStartup = "false")
	public void rabbit(String message) {
		record("rabbit");
	}

	@Locked("jms")
	@JmsListener(id = "jms", destination = "queue")
	public void jms(String message) {
		record("jms");
	}

	@Locked("integration")
	@ServiceActivator(inputChannel = "orders")
	public void integration(String message) {
		record("integration");
	}

	@Locked("scheduled")
	@Scheduled(initialDelay = 3_600_000, fixedDelay = 3_600_000)
	public void scheduled() {
		record("scheduled");
	}

	@Locked("event")
	@EventListener
	public void event(Note note) {
		record("event");
	}

	@Locked("transactionalEvent")
	@TransactionalEventListener(fallbackExecution = true)
	public void transactionalEvent(Note note) {
		record("transactionalEvent");
	}

	private void record(String kind) {
		this.trace.at(kind, "method");
	}

	/**
	 * An event of the application.
	 *
	 * @param text its text
	 */
	public record Note(String text) {

	}

}
