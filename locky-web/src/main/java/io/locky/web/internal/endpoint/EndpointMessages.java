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
	 * The body of a heartbeat.
	 *
	 * @param resource the locked resource
	 * @param fence the fencing token of the grant
	 * @param idle for how long the holder has been idle, 0 if it is active, or
	 * {@code null} if the page does not say it
	 */
	public record HeartbeatBody(@Nullable String resource, @Nullable Long fence, @Nullable Double idle) {

	}

	/**
	 * The body of a release.
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
	 * The body of a page that waits in a line.
	 *
	 * @param resource the resource that is waited for
	 */
	public record LineBody(@Nullable String resource) {

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
	 * A place in a line.
	 *
	 * @param locker what the {@link io.locky.web.LockHolderView LockHolderView} shows as
	 * the locker, or {@code null} if it hides it
	 * @param position 1 for the next one
	 * @param since when the locker joined
	 * @param expiresIn the rest of the lease of the place
	 * @param offeredFor how long the lock is still offered to it, or {@code null}
	 * @param own whether it is that of the caller, in this tab or another one
	 */
	record PlaceInLine(@Nullable String locker, int position, String since, double expiresIn,
			@Nullable Double offeredFor, boolean own) {

	}

	/**
	 * The answer to a query for the history of a lock.
	 *
	 * @param holds the holds that have ended, the latest first
	 * @param next where the next page begins, or {@code null} if this is the last one
	 */
	public record LockHolds(List<LockHold> holds, @Nullable Long next) {

	}

	/**
	 * The answer with a line.
	 *
	 * @param places the places in their order, or only that of the caller if it may not
	 * watch the resource
	 * @param own the place of the caller, or {@code null} if it has none
	 * @param length how many are in the line
	 */
	public record PlacesInLine(List<PlaceInLine> places, @Nullable PlaceInLine own, int length) {

	}

	/**
	 * A hold that has ended.
	 *
	 * @param locker the locker that held the lock, as the
	 * {@link io.locky.web.LockHolderView LockHolderView} shows it, or {@code null} if it
	 * hides the locker
	 * @param fence the fence of its grant
	 * @param since when it was granted
	 * @param until when it ended
	 * @param outcome how it ended: the name of a {@link io.locky.people.HoldOutcome
	 * HoldOutcome}
	 * @param by who ended it, shown like the locker, or {@code null}
	 * @param note why, as the one who took it over wrote, or {@code null}
	 */
	record LockHold(@Nullable Object locker, long fence, String since, String until, String outcome,
			@Nullable Object by, @Nullable Object note) {

	}

	/**
	 * The answer to a query for several locks.
	 *
	 * @param locks one state for each resource, in the order of the request
	 */
	public record LockStates(List<LockState> locks) {

	}

	/**
	 * The answer to a heartbeat where holders can be asked to hand over their locks.
	 *
	 * @param resource the locked resource
	 * @param fence the fence of the grant
	 * @param expiresIn the rest of the lease, or {@code null} if it does not end
	 * @param requests the requests to this grant that are not answered yet
	 */
	record AskedLease(String resource, long fence, @Nullable Double expiresIn, List<Map<String, ?>> requests) {

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
	 * The body of a request to hand over a lock.
	 *
	 * @param resource the locked resource
	 * @param note a text for the holder, at most 256 characters, or {@code null}
	 */
	public record AskBody(@Nullable String resource, @Nullable String note) {

	}

	/**
	 * The body of an answer to such a request.
	 *
	 * @param resource the locked resource
	 * @param fence the fence of the grant of the holder
	 * @param request the id of the request
	 * @param answer {@code now}, {@code later} or {@code no}
	 * @param seconds with {@code later}, after how many seconds it can be claimed
	 * @param reason with {@code no}, a text for the one who asked, or {@code null}
	 */
	public record AnswerBody(@Nullable String resource, @Nullable Long fence, @Nullable String request,
			@Nullable String answer, @Nullable Double seconds, @Nullable String reason) {

	}

	/**
	 * The body of a claim of the lock that was asked for.
	 *
	 * @param resource the locked resource
	 * @param request the id of the request; it is also that of the page
	 * @param page not needed, since the request is repeated with the same id
	 * @param note a text for others to see, at most 256 characters, or {@code null}
	 * @param ttl the wish for the length of the lease, or {@code null}
	 */
	public record ClaimBody(@Nullable String resource, @Nullable String request, @Nullable String page,
			@Nullable String note, @Nullable Double ttl) {

	}

	/**
	 * The body of a withdrawal.
	 *
	 * @param resource the locked resource
	 * @param request the id of the request
	 */
	public record WithdrawBody(@Nullable String resource, @Nullable String request) {

	}

	/**
	 * The answer to a query for requests.
	 *
	 * @param requests those of the caller, or all of them if it is the holder
	 */
	public record HandoverRequests(List<Map<String, ?>> requests) {

	}

	/**
	 * The answer with all who are looking at a resource.
	 *
	 * @param people those who edit first, then those who wait, then those who only look
	 */
	public record PresentPeople(List<PresentPerson> people) {

	}

}
