using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Ticketing.ApiDefaults;

namespace Ticketing.Auth.Users;

/// <summary>Slows guessing down: five wrong passwords in a row lock the user out for five minutes.</summary>
internal sealed partial class PasswordGuard(
    UserManager<User> users, UsersDatabase database, TimeProvider time, ILogger<PasswordGuard> logger)
{
    private static readonly User Nobody = new()
    {
        PasswordHash = new PasswordHasher<User>().HashPassword(new User(), Guid.NewGuid().ToString()),
    };

    /// <summary>The answer to somebody who is locked out; null if the user is not.</summary>
    public async Task<ProblemHttpResult?> LockedOutAsync(User user, HttpContext context) =>
        await users.IsLockedOutAsync(user)
            ? Problems.TooManyRequests(
                context, user.LockoutEnd!.Value - time.GetUtcNow(), "Too many wrong passwords.")
            : null;

    /// <summary>
    /// Counts a wrong password. Guesses that come in at the same time are each counted: the one that lost the race for
    /// the row tries again on what the winner left, until it is counted or the user is locked out. Hanging up does not help.
    /// </summary>
    public async Task CountFailureAsync(User user)
    {
        while (!await users.IsLockedOutAsync(user))
        {
            if ((await users.AccessFailedAsync(user)).Succeeded)
            {
                if (await users.IsLockedOutAsync(user)) LogLockedOut(user.Id, user.LockoutEnd);
                return;
            }

            await database.Entry(user).ReloadAsync(CancellationToken.None);
        }
    }

    /// <summary>
    /// The refusal of a signed-in user who is asked for the password once more, since a session may be in somebody else's
    /// hands: locked out, or a wrong password, which is counted. Null if the password is theirs.
    /// </summary>
    public async Task<ProblemHttpResult?> RefuseAsync(User user, string password, HttpContext context)
    {
        if (await LockedOutAsync(user, context) is { } locked) return locked;
        if (await users.CheckPasswordAsync(user, password)) return null;

        await CountFailureAsync(user);
        return Problems.BadRequest("Wrong password.");
    }

    /// <summary>Checks a password for an address that nobody has, so that the time taken does not tell.</summary>
    public void CheckForNobody(string password) =>
        users.PasswordHasher.VerifyHashedPassword(Nobody, Nobody.PasswordHash!, password);

    [LoggerMessage(LogLevel.Warning, "Too many wrong passwords: user {UserId} is locked out until {Until:O}.")]
    private partial void LogLockedOut(Guid userId, DateTimeOffset? until);
}
