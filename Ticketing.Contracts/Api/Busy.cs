namespace Ticketing.Contracts.Api;

/// <summary>How a problem with 503 says that its service is there, and has more to do than it can.</summary>
public static class Busy
{
    /// <summary>The problem's <c>reason</c>. Nothing was done; the same request may come again after <c>Retry-After</c>.</summary>
    public const string Reason = "busy";
}
