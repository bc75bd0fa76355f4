using System.ComponentModel.DataAnnotations;
using Ticketing.ServiceDefaults;

namespace Ticketing.Web.Forwarding;

/// <summary>The bounds of a forwarded request; settings <c>Forwarding:…</c>.</summary>
internal sealed class ForwardingOptions
{
    public const string Section = "Forwarding";

    /// <summary>
    /// Until the service begins to answer, and between two pieces of its answer. A payment waits for the bank, so this is long.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan ResponseTimeout { get; init; } = TimeLimits.Payment;

    /// <summary>How old an answer about listings may be that is given to somebody who is not signed in; 0: none is kept.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan ListingAge { get; init; } = TimeSpan.FromMilliseconds(250);
}
