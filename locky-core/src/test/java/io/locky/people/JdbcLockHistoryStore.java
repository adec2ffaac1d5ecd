package io.locky.people;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

@Repository
class JdbcLockHistoryStore implements LockHistoryStore {

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	JdbcLockHistoryStore(JdbcClient jdbc, PlatformTransactionManager transactions) {
		this.jdbc = jdbc;
		this.transaction = new TransactionTemplate(transactions);
		this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
	}

	@Override
	public void add(Hold hold) {
		this.transaction.executeWithoutResult((status) -> this.jdbc.sql("""
				MERGE INTO lock_hold (resource, fence, locker, since, ended, outcome, ended_by, note)
				KEY (resource, fence)
				VALUES (:resource, :fence, :locker, :since, :ended, :outcome, :endedBy, :note)""")
			.param("resource", hold.resource())
			.param("fence", hold.fence())
			.param("locker", hold.locker())
			.param("since", utc(hold.since()))
			.param("ended", utc(hold.until()))
			.param("outcome", hold.outcome().name())
			.param("endedBy", hold.by())
			.param("note", hold.note())
			.update());
	}

	@Override
	public HoldPage page(String resource, @Nullable Long before, int size) {
		List<Hold> holds = this.jdbc.sql("""
				SELECT * FROM lock_hold WHERE resource = :resource AND fence < :before
				ORDER BY fence DESC LIMIT :size""")
			.param("resource", resource)
			.param("before", (before != null) ? before : Long.MAX_VALUE)
			.param("size", size + 1)
			.query((row, number) -> hold(row))
			.list();
		return (holds.size() > size) ? new HoldPage(holds.subList(0, size), holds.get(size - 1).fence())
				: new HoldPage(holds, null);
	}

	private static Hold hold(ResultSet row) throws SQLException {
		return new Hold(row.getString("resource"), row.getString("locker"), row.getLong("fence"),
				row.getObject("since", OffsetDateTime.class).toInstant(),
				row.getObject("ended", OffsetDateTime.class).toInstant(), HoldOutcome.valueOf(row.getString("outcome")),
				row.getString("ended_by"), row.getString("note"));
	}

	private static OffsetDateTime utc(Instant time) {
		return time.atOffset(ZoneOffset.UTC);
	}

}
