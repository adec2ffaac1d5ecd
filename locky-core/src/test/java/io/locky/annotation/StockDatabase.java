package io.locky.annotation;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import org.h2.jdbcx.JdbcDataSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/**
 * A database with a stock of tea and coffee.
 */
@Configuration(proxyBeanMethods = false)
@EnableTransactionManagement
class StockDatabase {

	@Bean
	DataSource dataSource() {
		JdbcDataSource database = new JdbcDataSource();
		database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return database;
	}

	@Bean
	JdbcTemplate jdbcTemplate(DataSource dataSource) {
		JdbcTemplate jdbc = new JdbcTemplate(dataSource);
		jdbc.execute("create table stock (name varchar(20) primary key, amount int)");
		jdbc.execute("insert into stock values ('tea', 0), ('coffee', 0)");
		return jdbc;
	}

	@Bean
	Manager transactionManager(DataSource dataSource) {
		return new Manager(dataSource);
	}

	/**
	 * Counts transactions.
	 */
	static class Manager extends JdbcTransactionManager {

		private final AtomicInteger begun = new AtomicInteger();

		Manager(DataSource dataSource) {
			super(dataSource);
		}

		int begun() {
			return this.begun.get();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			this.begun.incrementAndGet();
			super.doBegin(transaction, definition);
		}

	}

}
