package io.locky.web.internal.endpoint;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;

/**
 * The bodies of requests and answers: each record is one JSON object, with the members in
 * this order. {@code docs/openapi.yaml} describes them under the same names. Durations
 * are seconds, with a fraction.
 */
public final class EndpointMessages {

	private EndpointMessages() {
	}

	/**
	 * Reads the form of a beacon.
	 * @param form the fields {@code resource} and {@code fence}
	 * @return the same as a JSON body
	 * @throws EndpointProblem if the fence is not a number, or a field is repeated
	 */
	public static GrantBody ofForm(MultiValueMap<String, String> form) {
		String resource = FormFields.single(form, "resource");
		String fence = FormFields.single(form, "fence");
		try {
			return new GrantBody(resource, (fence != null) ? Long.valueOf(fence) : null);
		}
		catch (NumberFormatException ex) {
			throw EndpointProblem.invalid("'fence' must be a number.");
		}
	}

	/**
	 * An answer with a body.
	 * @param <T> the type of the body
	 * @param body the body
	 * @return the answer; its type is set, so that nothing refuses to write it
	 */
	public static <T> ResponseEntity<T> json(T body) {
		return ResponseEntity.ok()
			.cacheControl(CacheControl.noStore())
			.contentType(MediaType.APPLICATION_JSON)
			.body(body);
	}

	/**
	 * The body of an acquire.
	 *
	 * @param resource the resource to lock
	 * @param note a text for others to see, at most 256 characters, or {@code null}
	 * @param page an id that the page made: the same page gets its grant again; or
	 * {@code null}
	 * @param ttl the wish for the length of the lease, or {@code null}
	 */
	public record AcquireBody(@Nullable String resource, @Nullable String note, @Nullable String page,
			@Nullable Double ttl) {

	}

	/**
	 * The body of a heartbeat or a release.
	 *
	 * @param resource the locked resource
	 * @param fence the fencing token of the grant
	 */
	public record GrantBody(@Nullable String resource, @Nullable Long fence) {

	}

	/**
	 * The body of a takeover.
	 *
	 * @param resource the locked resource
	 * @param fence the fence of the grant to take over, and of no other
	 * @param note a text for others to see, at most 256 characters, or {@code null}
	 * @param page an id that the page made: the same page gets its grant again; or
	 * {@code null}
	 * @param ttl the wish for the length of the lease, or {@code null}
	 */
	public record TakeoverBody(@Nullable String resource, @Nullable Long fence, @Nullable String note,
			@Nullable String page, @Nullable Double ttl) {

	}

	/**
	 * The body of a query for several locks.
	 *
	 * @param resources the resources, at most 500
	 */
	public record QueryBody(@Nullable List<@Nullable String> resources) {

	}

	/**
	 * The body of a request for a live stream.
	 *
	 * @param resources the resources to watch, at most {@code locky.web.max-watched}
	 */
	public record WatchBody(@Nullable List<@Nullable String> resources) {

	}

	/**
	 * The body of a page that is open.
	 *
	 * @param resource the resource that is looked at
	 * @param state {@code viewing}, {@code waiting} or {@code editing}
	 * @param page an id that the page made, or {@code null} for the only one
	 */
	public record PresenceBody(@Nullable String resource, @Nullable String state, @Nullable String page) {

	}

	/**
	 * The body of a page that is left.
	 *
	 * @param resource the resource that was looked at
	 * @param page the id of the page, or {@code null} for the only one
	 */
	public record PresencePageBody(@Nullable String resource, @Nullable String page) {

		/**
		 * Reads the form of a beacon.
		 * @param form the fields {@code resource} and {@code page}
		 * @return the same as a JSON body
		 * @throws EndpointProblem if a field is repeated
		 */
		public static PresencePageBody ofForm(MultiValueMap<String, String> form) {
			return new PresencePageBody(FormFields.single(form, "resource"), FormFields.single(form, "page"));
		}

	}

	/**
	 * The answer to an acquire or a takeover.
	 *
	 * @param resource the locked resource
	 * @param locker the holder, which is the caller
	 * @param fence the fence of the grant, for all later requests
	 * @param ttl the length of the lease
	 * @param heartbeat the time between two heartbeats
	 * @param maxHold how long the lock can be held in total, or {@code null} for no limit
	 */
	public record LockGrant(String resource, String locker, long fence, double ttl, double heartbeat,
			@Nullable Double maxHold) {

	}

	/**
	 * The answer to a heartbeat, if the grant still holds the lock.
	 *
	 * @param resource the locked resource
	 * @param fence the fence of the grant
	 * @param expiresIn the rest of the lease, or {@code null} if it does not end
	 */
	public record LockLease(String resource, long fence, @Nullable Double expiresIn) {

	}

	/**
	 * The answer to a query for one lock.
	 *
	 * @param resource the resource
	 * @param held whether the lock is held
	 * @param own whether the caller holds it, in this tab or another one
	 * @param holder what the {@link io.locky.web.LockHolderView LockHolderView} shows, or
	 * {@code null} if the lock is free
	 */
	public record LockState(String resource, boolean held, boolean own, @Nullable Map<String, ?> holder) {

	}

	/**
	 * The answer to a query for several locks.
	 *
	 * @param locks one state for each resource, in the order of the request
	 */
	public record LockStates(List<LockState> locks) {

	}

	/**
	 * A person who is looking at a resource.
	 *
	 * @param person what the {@link io.locky.web.LockHolderView LockHolderView} shows as
	 * the locker, or {@code null} if it hides it
	 * @param state {@code viewing}, {@code waiting} or {@code editing}
	 * @param since when the person came
	 * @param expiresIn the rest of the lease
	 * @param own whether it is the caller, in this tab or another one
	 */
	record PresentPerson(@Nullable String person, String state, String since, double expiresIn, boolean own) {

	}

	/**
	 * The answer with all who are looking at a resource.
	 *
	 * @param people those who edit first, then those who wait, then those who only look
	 */
	public record PresentPeople(List<PresentPerson> people) {

	}

}
