namespace Ticketing.Contracts;

/// <summary>
/// A user deleted their account. Their orders and payments stay, under an id that is no longer anybody's; what they had on
/// sale is withdrawn. Told once and final: there is no version.
/// </summary>
/// <param name="UserId">The user who is gone. The id is never given to anybody else.</param>
public sealed record UserDeleted(Guid UserId);
