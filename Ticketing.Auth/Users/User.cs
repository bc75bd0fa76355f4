using Microsoft.AspNetCore.Identity;

namespace Ticketing.Auth.Users;

/// <summary>Somebody who can sign in, known by an e-mail address and a password.</summary>
internal sealed class User : IdentityUser<Guid>
{
    public User()
    {
        // Everybody can be locked out, so it is no column.
        LockoutEnabled = true;
    }

    public DateTimeOffset CreatedAt { get; init; }
}
