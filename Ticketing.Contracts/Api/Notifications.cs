namespace Ticketing.Contracts.Api;

/// <summary>Whether a user is told when a listing has tickets again.</summary>
/// <param name="Watching">Whether they are.</param>
public sealed record WatchResponse(bool Watching);

/// <summary>A page of a user's notifications.</summary>
/// <param name="Unread">How many are unread in all; 100 stands for 100 and more.</param>
/// <param name="Notifications">Newest first.</param>
public sealed record NotificationsResponse(int Unread, IReadOnlyList<NotificationResponse> Notifications);

/// <summary>A listing that a user waited for had tickets again.</summary>
/// <param name="Id">The notification's id.</param>
/// <param name="TicketId">The listing.</param>
/// <param name="Title">Its title then.</param>
/// <param name="CreatedAt">When it happened.</param>
/// <param name="Read">Whether the user has marked it as read.</param>
public sealed record NotificationResponse(Guid Id, Guid TicketId, string Title, DateTimeOffset CreatedAt, bool Read);
