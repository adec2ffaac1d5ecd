package io.locky.faults.run;

/**
 * What an application process is started with.
 *
 * @param name its name, which is also that of its instance
 * @param redis where the locks are: {@code host:port}, {@code sentinel:name:nodes} or
 * {@code cluster:nodes}
 * @param store the port of the store that checks fences
 * @param history the file of its history
 * @param seed makes its choices repeatable
 * @param timeoutMillis how long to wait for an answer of Redis
 * @param ackMillis how long until a claimed expiry is published again
 * @param ttlMillis the configured TTL
 * @param worker whether it publishes expiries
 * @param broadcast whether it sees the events of all others
 */
record AppConfig(String name, String redis, int store, String history, long seed, long timeoutMillis, long ackMillis,
		long ttlMillis, boolean worker, boolean broadcast) {

	AppConfig timeout(long millis) {
		return new AppConfig(this.name, this.redis, this.store, this.history, this.seed, millis, this.ackMillis,
				this.ttlMillis, this.worker, this.broadcast);
	}

	AppConfig ack(long millis) {
		return new AppConfig(this.name, this.redis, this.store, this.history, this.seed, this.timeoutMillis, millis,
				this.ttlMillis, this.worker, this.broadcast);
	}

	AppConfig quiet() {
		return new AppConfig(this.name, this.redis, this.store, this.history, this.seed, this.timeoutMillis,
				this.ackMillis, this.ttlMillis, this.worker, false);
	}

	AppConfig withoutWorker() {
		return new AppConfig(this.name, this.redis, this.store, this.history, this.seed, this.timeoutMillis,
				this.ackMillis, this.ttlMillis, false, this.broadcast);
	}

	AppConfig ttl(long millis) {
		return new AppConfig(this.name, this.redis, this.store, this.history, this.seed, this.timeoutMillis,
				this.ackMillis, millis, this.worker, this.broadcast);
	}

}
