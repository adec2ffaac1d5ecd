package io.locky.test.autoconfigure;

import io.locky.test.InMemoryLocks;
import io.locky.test.RecordedLockEvents;

import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Forgets the locks in memory and the recorded events after each test method, because
 * test classes share an application context.
 */
class ClearLocksTestExecutionListener extends AbstractTestExecutionListener {

	@Override
	public void afterTestMethod(TestContext test) {
		if (test.hasApplicationContext()) {
			ApplicationContext context = test.getApplicationContext();
			context.getBeanProvider(InMemoryLocks.class).forEach(InMemoryLocks::clear);
			context.getBeanProvider(RecordedLockEvents.class).forEach(RecordedLockEvents::clear);
		}
	}

}
