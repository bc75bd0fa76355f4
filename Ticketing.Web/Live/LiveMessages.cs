using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using Ticketing.Web.Languages;

namespace Ticketing.Web.Live;

/// <summary>Tells open pages something, each in its own language: there is a group of connections for each.</summary>
internal static class LiveMessages
{
    public static string TicketGroup(Guid ticketId, CultureInfo culture) => $"ticket:{ticketId}:{culture.Name}";

    public static string UserGroup(Guid userId, CultureInfo culture) => $"user:{userId}:{culture.Name}";

    /// <summary>To all pages that watch the ticket.</summary>
    public static Task TellAboutTicketAsync<T>(
        this IHubContext<LiveHub> hub, Guid ticketId, Func<T> words, CancellationToken cancellationToken) =>
        hub.TellAsync(culture => TicketGroup(ticketId, culture), LiveHub.TicketMessage, words, cancellationToken);

    /// <summary>To the user's own pages.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="userId">Whose pages.</param>
    /// <param name="message">The message's name.</param>
    /// <param name="words">Makes its argument; called once for each language, which is then the current culture.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task TellUserAsync<T>(
        this IHubContext<LiveHub> hub, Guid userId, string message, Func<T> words, CancellationToken cancellationToken) =>
        hub.TellAsync(culture => UserGroup(userId, culture), message, words, cancellationToken);

    private static Task TellAsync<T>(
        this IHubContext<LiveHub> hub, Func<CultureInfo, string> group, string message, Func<T> words,
        CancellationToken cancellationToken) =>
        Task.WhenAll(Cultures.All.Select(culture =>
            hub.Clients.Group(group(culture)).SendAsync(message, Cultures.Say(culture, words), cancellationToken)));
}
