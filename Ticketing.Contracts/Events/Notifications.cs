namespace Ticketing.Contracts;

/// <summary>
/// A listing of which nothing was available has tickets again, and these users had asked to be told. Only for pages that
/// are open: who missed it finds it in the list of notifications, which Tickets keeps.
/// </summary>
/// <param name="TicketId">The listing.</param>
/// <param name="Title">Its title.</param>
/// <param name="At">When it happened.</param>
/// <param name="Notices">1–500 users; more are told by more events.</param>
public sealed record BackOnSale(Guid TicketId, string Title, DateTimeOffset At, IReadOnlyList<BackOnSaleNotice> Notices);

/// <summary>One user's notification.</summary>
/// <param name="Id">The notification's id: told twice, it is still one.</param>
/// <param name="UserId">Whose it is.</param>
public sealed record BackOnSaleNotice(Guid Id, Guid UserId);
