using System.ComponentModel.DataAnnotations;

namespace Ticketing.Contracts.Api;

/// <summary>A user, as the API shows them.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Email">Their e-mail address.</param>
public sealed record UserResponse(Guid Id, [property: EmailAddress] string Email);
