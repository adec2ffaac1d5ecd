package io.locky.web.internal.endpoint;

import java.io.IOException;

/**
 * Where a live stream is written to. Called by one thread at a time.
 *
 * @since 0.1.0
 */
public interface StreamOutput {

	/**
	 * Whether there is room for one more event.
	 * @return whether to send
	 */
	boolean isReady();

	/**
	 * Sends an event.
	 * @param event the event
	 * @throws IOException if the reader is gone
	 */
	void send(StreamEvent event) throws IOException;

	/**
	 * Ends the answer.
	 */
	void end();

}
