namespace Ticketing.Contracts.Api;

/// <summary>One ticket of a paid order: whoever brings its code is let in, once.</summary>
/// <param name="Number">Which one of its order, from 1.</param>
/// <param name="Quantity">How many the order has.</param>
/// <param name="Code">The code for typing, e.g. <c>7K3M-X9QH-2RTV</c>.</param>
/// <param name="Token">The signed code for scanning: a JWS in the compact form (ES256), at most 300 characters. Another
/// text at each reading, for the same ticket; each of them holds.</param>
/// <param name="CheckedInAt">When it was used, if it was.</param>
public sealed record AdmissionResponse(int Number, int Quantity, string Code, string Token, DateTimeOffset? CheckedInAt);

/// <summary>A ticket that was used.</summary>
/// <param name="Code">The code for typing.</param>
/// <param name="Number">Which one of its order, from 1.</param>
/// <param name="Quantity">How many the order has.</param>
/// <param name="CheckedInAt">When it was used.</param>
/// <param name="Door">At which door, if its client said so.</param>
public sealed record CheckInResponse(string Code, int Number, int Quantity, DateTimeOffset CheckedInAt, string? Door = null);

/// <summary>Who is in.</summary>
/// <param name="CheckedIn">How many tickets were used.</param>
/// <param name="Sold">How many are sold.</param>
/// <param name="Latest">The last few, newest first.</param>
/// <param name="Title">The listing's title.</param>
public sealed record CheckInsResponse(int CheckedIn, int Sold, IReadOnlyList<CheckInResponse> Latest, string? Title = null);

/// <summary>Why a code was refused: the field <c>reason</c> of the problem.</summary>
public static class CheckInRefusal
{
    /// <summary>It is no code, or not a whole one: a signed code that was cut, or that a keyboard changed.</summary>
    public const string Malformed = "malformed";

    /// <summary>It is a whole signed code, but the signature is not ours.</summary>
    public const string Forged = "forged";

    /// <summary>No ticket has this code.</summary>
    public const string Unknown = "unknown";

    /// <summary>It is good, but for another event.</summary>
    public const string Foreign = "foreign";

    /// <summary>Its order was taken back.</summary>
    public const string Refunded = "refunded";

    /// <summary>
    /// It was used before, by another attempt; the problem's fields <c>checkedInAt</c>, <c>secondsAgo</c> and <c>door</c> say when
    /// and where.
    /// </summary>
    public const string Used = "used";
}
