package io.locky.benchmark;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import com.sun.management.ThreadMXBean;
import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.annotation.Locked;
import io.locky.annotation.LockedBeanPostProcessor;
import io.locky.core.LockyTemplate;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Measures what {@code @Locked} adds to a call, in time and in bytes, with Redis left
 * out: every attempt is granted at once. The CPU time does not depend on what else the
 * machine does.
 */
public final class LockedCallCost {

	private static final int ROUNDS = 9;

	/** By each thread in a round. */
	private static final int CALLS = 20_000;

	private static final int NESTED = 1000;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private LockedCallCost() {
	}

	/**
	 * Measures calls without and with the annotation in turn, several times.
	 * @param args the number of threads
	 * @throws Exception if anything fails
	 */
	public static void main(String[] args) throws Exception {
		int threads = (args.length > 0) ? Integer.parseInt(args[0]) : 16;
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			GrantingTemplate locks = new GrantingTemplate();
			context.registerBean(LockedBeanPostProcessor.class,
					() -> new LockedBeanPostProcessor(() -> locks, () -> null));
			context.registerBean(Articles.class);
			context.refresh();
			Articles articles = context.getBean(Articles.class);
			Cost none = new Cost();
			Cost direct = new Cost();
			Cost locked = new Cost();
			Cost expression = new Cost();
			Cost nested = new Cost();
			for (int i = 0; i < ROUNDS; i++) {
				none.add(i, threads, CALLS, articles::plain);
				direct.add(i, threads, CALLS, (id) -> direct(locks, articles, id));
				locked.add(i, threads, CALLS, articles::locked);
				expression.add(i, threads, CALLS, (id) -> articles.expression(new Article(id)));
				nested.add(i, threads, CALLS / NESTED, (id) -> articles.outer(id, () -> nested(articles, id)));
			}
			nested.dividedBy(NESTED);
			System.out.printf("With %d threads, for each call (median of %d rounds):%n", threads, ROUNDS);
			none.print("without @Locked, through the same proxy", direct);
			direct.print("tryLock and release by hand", direct);
			locked.print("with @Locked", direct);
			expression.print("with @Locked, a property of an argument", direct);
			nested.print("with @Locked, nested, of a lock that is held", direct);
		}
	}

	private static long direct(LockyTemplate locks, Articles articles, long id) {
		LockRequest request = LockRequest.of("article:" + id).by("20").autoRenew();
		try (LockHandle handle = ((LockAttempt.Acquired) locks.tryLock(request)).handle()) {
			return articles.plain(id) + handle.fence();
		}
	}

	private static long nested(Articles articles, long id) {
		long sum = 0;
		for (int i = 0; i < NESTED; i++) {
			sum += articles.locked(id);
		}
		return sum;
	}

	private static final class Cost {

		private final double[] nanos = new double[ROUNDS];

		private final double[] cpuNanos = new double[ROUNDS];

		private final double[] bytes = new double[ROUNDS];

		void add(int round, int threads, int calls, Call call) throws InterruptedException {
			AtomicLong allNanos = new AtomicLong();
			AtomicLong allCpuNanos = new AtomicLong();
			AtomicLong allBytes = new AtomicLong();
			CountDownLatch ready = new CountDownLatch(threads);
			CountDownLatch done = new CountDownLatch(threads);
			for (int i = 0; i < threads; i++) {
				int first = i * calls;
				Thread thread = new Thread(() -> {
					ready.countDown();
					await(ready);
					long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
					long cpuBefore = THREADS.getCurrentThreadCpuTime();
					long start = System.nanoTime();
					for (int j = 0; j < calls; j++) {
						call.with(first + j);
					}
					allNanos.addAndGet(System.nanoTime() - start);
					allCpuNanos.addAndGet(THREADS.getCurrentThreadCpuTime() - cpuBefore);
					allBytes.addAndGet(THREADS.getCurrentThreadAllocatedBytes() - bytesBefore);
					done.countDown();
				});
				thread.start();
			}
			done.await();
			double all = (double) threads * calls;
			this.nanos[round] = allNanos.get() / all;
			this.cpuNanos[round] = allCpuNanos.get() / all;
			this.bytes[round] = allBytes.get() / all;
		}

		private static void await(CountDownLatch latch) {
			try {
				latch.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		void dividedBy(int calls) {
			Arrays.setAll(this.nanos, (i) -> this.nanos[i] / calls);
			Arrays.setAll(this.cpuNanos, (i) -> this.cpuNanos[i] / calls);
			Arrays.setAll(this.bytes, (i) -> this.bytes[i] / calls);
		}

		void print(String what, Cost base) {
			System.out.printf(
					"%-46s %9.0f ns, of these %7.0f ns CPU, %6.0f bytes   %6.2f times CPU, %5.2f times bytes%n", what,
					median(this.nanos), median(this.cpuNanos), median(this.bytes),
					median(this.cpuNanos) / median(base.cpuNanos), median(this.bytes) / median(base.bytes));
		}

		private static double median(double[] values) {
			double[] sorted = values.clone();
			Arrays.sort(sorted);
			return sorted[sorted.length / 2];
		}

	}

	private interface Call {

		long with(long id);

	}

	/**
	 * The bean whose calls are measured.
	 */
	static class Articles {

		long plain(long id) {
			return id + 1;
		}

		@Locked("article:#<id>")
		long locked(long id) {
			return id + 1;
		}

		@Locked("article:#<article.id>")
		long expression(Article article) {
			return article.id() + 1;
		}

		@Locked("article:#<id>")
		long outer(long id, LongSupplier work) {
			return work.getAsLong();
		}

	}

	/**
	 * An argument whose property names the lock.
	 *
	 * @param id the property
	 */
	record Article(long id) {

	}

	/** Grants every request at once, without Redis. */
	private static final class GrantingTemplate extends LockyTemplate {

		GrantingTemplate() {
			super(new StringRedisTemplate(new LettuceConnectionFactory()), LockySettings.builder().build(), (event) -> {
			});
		}

		@Override
		public LockAttempt tryLock(LockRequest request) {
			return new LockAttempt.Acquired(new GrantedHandle(request.resource(), request.locker()));
		}

	}

	private record GrantedHandle(String resource, String locker) implements LockHandle {

		@Override
		public long fence() {
			return 1;
		}

		@Override
		public boolean isValid() {
			return true;
		}

		@Override
		public boolean refresh() {
			return true;
		}

		@Override
		public void onLost(Runnable callback) {
		}

		@Override
		public boolean release() {
			return true;
		}

		@Override
		public void close() {
		}

	}

}
