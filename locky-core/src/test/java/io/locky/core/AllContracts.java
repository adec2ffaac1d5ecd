package io.locky.core;

import org.junit.jupiter.api.Nested;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * The contracts of all operations, for one setup of Redis.
 */
abstract class AllContracts {

	abstract RedisConnectionFactory connectionFactory();

	/** Looks into Redis, where the user of the locks may not. */
	RedisConnectionFactory adminConnectionFactory() {
		return connectionFactory();
	}

	@Nested
	class Operations extends LockyOperationsContract {

		@Override
		RedisConnectionFactory connectionFactory() {
			return AllContracts.this.connectionFactory();
		}

		@Override
		RedisConnectionFactory adminConnectionFactory() {
			return AllContracts.this.adminConnectionFactory();
		}

	}

	@Nested
	class ForeignLocks extends ForeignLockContract {

		@Override
		RedisConnectionFactory connectionFactory() {
			return AllContracts.this.connectionFactory();
		}

		@Override
		RedisConnectionFactory adminConnectionFactory() {
			return AllContracts.this.adminConnectionFactory();
		}

	}

	@Nested
	class Handles extends LockHandleContract {

		@Override
		RedisConnectionFactory connectionFactory() {
			return AllContracts.this.connectionFactory();
		}

		@Override
		RedisConnectionFactory adminConnectionFactory() {
			return AllContracts.this.adminConnectionFactory();
		}

	}

	@Nested
	class Requests extends LockRequestContract {

		@Override
		RedisConnectionFactory connectionFactory() {
			return AllContracts.this.connectionFactory();
		}

		@Override
		RedisConnectionFactory adminConnectionFactory() {
			return AllContracts.this.adminConnectionFactory();
		}

	}

	@Nested
	class Lists extends LockListContract {

		@Override
		RedisConnectionFactory connectionFactory() {
			return AllContracts.this.connectionFactory();
		}

		@Override
		RedisConnectionFactory adminConnectionFactory() {
			return AllContracts.this.adminConnectionFactory();
		}

	}

	@Nested
	class Waiting extends LockWaitingContract {

		@Override
		RedisConnectionFactory connectionFactory() {
			return AllContracts.this.connectionFactory();
		}

		@Override
		RedisConnectionFactory adminConnectionFactory() {
			return AllContracts.this.adminConnectionFactory();
		}

	}

}
