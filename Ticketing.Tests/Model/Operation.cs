namespace Ticketing.Tests.Model;

/// <summary>
/// Something that a person, another service or the network does. Listings, orders and messages are named by a number,
/// counted from the newest (0) and taken modulo how many there are, so that any part of a sequence is a sequence too; with
/// none there, nothing is done.
/// </summary>
internal abstract record Operation;

/// <summary>The seller offers tickets.</summary>
internal sealed record Offer(int Quantity, long Price) : Operation;

/// <summary>The seller changes a listing.</summary>
internal sealed record Edit(int Listing, int? Quantity, long? Price) : Operation;

/// <summary>The seller deletes a listing.</summary>
internal sealed record Withdraw(int Listing) : Operation;

/// <summary>A buyer places an order.</summary>
internal sealed record Reserve(int Buyer, int Listing, int Quantity) : Operation;

/// <summary>The buyer, or a stranger, cancels an order.</summary>
internal sealed record Cancel(int Order, bool Stranger) : Operation;

/// <summary>Payments tells that a payment was started. Its news may have any version, that is: come in any order.</summary>
internal sealed record StartPayment(int Order, int Version) : Operation;

/// <summary>Payments tells that a card was declined.</summary>
internal sealed record Decline(int Order, int Version) : Operation;

/// <summary>Payments tells that money is reserved under one of the payment's intents.</summary>
internal sealed record Authorize(int Order, int Intent, int Version) : Operation;

/// <summary>Payments tells that the reserved money of an intent could not be captured.</summary>
internal sealed record FailCapture(int Order, int Intent, int Version) : Operation;

/// <summary>Payments tells that money was captured.</summary>
internal sealed record NoteCapture(int Order, int Version) : Operation;

/// <summary>Time passes.</summary>
internal sealed record Wait(int Seconds) : Operation;

/// <summary>Expiration tells that an order's time is up, rightly or not.</summary>
internal sealed record TellExpired(int Order) : Operation;

/// <summary>Orders sweeps up what is overdue.</summary>
internal sealed record Sweep : Operation;

/// <summary>The broker delivers one of the messages that are under way, in whatever order.</summary>
/// <param name="Message">Which.</param>
/// <param name="Again">Whether it will be delivered once more later.</param>
internal sealed record Deliver(int Message, bool Again) : Operation;
