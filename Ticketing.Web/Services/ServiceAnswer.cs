using System.Diagnostics.CodeAnalysis;
using System.Net;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Web.Services;

/// <summary>What a service said to a page's request: a value, or what is wrong with it.</summary>
internal sealed record ServiceAnswer<T>(HttpStatusCode Status, T? Value, IReadOnlyList<ApiError> Errors)
    where T : class
{
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Ok => Value is not null;

    /// <summary>Whether the visitor can do something about it: the errors say what.</summary>
    public bool IsBadRequest => Status is HttpStatusCode.BadRequest or HttpStatusCode.TooManyRequests;

    /// <summary>The cursor of the next page, where the answer is a page of a list that goes on.</summary>
    public string? NextCursor { get; init; }

    /// <summary>When to try again, where it was too much for now.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Why a ticket's code was refused, one of <see cref="CheckInRefusal"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>When a ticket's code was used, where that is the reason.</summary>
    public DateTimeOffset? CheckedInAt { get; init; }

    /// <summary>The listing's version, where the one that was named is not the present one.</summary>
    public int? CurrentVersion { get; init; }

    /// <summary>How long ago that was.</summary>
    public long? SecondsAgo { get; init; }

    /// <summary>At which door that was, if it has a name.</summary>
    public string? Door { get; init; }

    /// <summary>Cookies for the browser.</summary>
    public IReadOnlyList<string> SetCookies { get; init; } = [];
}

/// <summary>Stands for the body of an answer that has none, or none of interest.</summary>
internal sealed record NoContent
{
    public static NoContent Value { get; } = new();
}

/// <summary>A service does not answer, or answers with a failure of its own. The page cannot be made now.</summary>
internal sealed class ServiceDownException(string service, Exception? cause = null)
    : Exception($"The service '{service}' is not available.", cause)
{
    /// <summary>When to try again, where the service is there and only has too much to do: nothing was done.</summary>
    public TimeSpan? BusyFor { get; init; }
}
