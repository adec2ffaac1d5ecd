package io.locky.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The warnings and errors that are logged from its creation until it is closed, also
 * those of Tomcat, which logs elsewhere.
 */
public final class ServerLog extends Handler {

	private final CapturedLog log = new CapturedLog();

	private final Logger tomcat = Logger.getLogger("");

	private final List<String> records = new CopyOnWriteArrayList<>();

	public ServerLog() {
		this.tomcat.addHandler(this);
	}

	/**
	 * The messages so far.
	 * @return the messages of errors, and all messages that come with a stack trace
	 */
	public List<String> errors() {
		List<String> all = new ArrayList<>(this.log.messages(ch.qos.logback.classic.Level.ERROR));
		all.addAll(this.log.stackTraces());
		all.addAll(this.records);
		return all;
	}

	/**
	 * Forgets the messages so far.
	 */
	public void clear() {
		this.log.clear();
		this.records.clear();
	}

	@Override
	public void publish(LogRecord record) {
		if (record.getLevel().intValue() >= Level.SEVERE.intValue() || record.getThrown() != null) {
			this.records.add(record.getLoggerName() + ": " + record.getMessage() + " " + record.getThrown());
		}
	}

	@Override
	public void flush() {
	}

	@Override
	public void close() {
		this.tomcat.removeHandler(this);
		this.log.close();
	}

}
