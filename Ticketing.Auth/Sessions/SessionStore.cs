using Dapper;
using Npgsql;
using Ticketing.Auth.Users;
using Ticketing.Contracts.Api;

namespace Ticketing.Auth.Sessions;

/// <summary>Starts, renews and ends sessions. Each is one statement, so that whatever races, one of two wins.</summary>
internal sealed partial class SessionStore(
    NpgsqlDataSource database, RefreshSecret secret, SessionCookieJar cookies, TimeProvider time, ILogger<SessionStore> logger)
{
    /// <summary>How long a browser stays signed in without coming back.</summary>
    public static readonly TimeSpan RefreshLifetime = TimeSpan.FromDays(14);

    /// <summary>
    /// How long a used token may be used again: parallel requests of one browser carry the same one, and an answer may be
    /// lost. After that only a thief, or the victim of one, still has it.
    /// </summary>
    public static readonly TimeSpan ReuseGrace = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Starts a session and sets its cookies. False, and none set, if the user was locked out or changed the password
    /// since <paramref name="user"/> was read.
    /// </summary>
    public async Task<bool> StartAsync(User user, HttpContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var token = RefreshToken.CreateRandom();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH family AS (
                INSERT INTO refresh_families (id, user_id, security_stamp, created_at)
                SELECT @family, id, security_stamp, @now FROM users
                WHERE id = @user AND security_stamp = @stamp AND (lockout_end IS NULL OR lockout_end <= @now)
                RETURNING id
            )
            INSERT INTO refresh_tokens (hash, family_id, expires_at) SELECT @hash, id, @expires FROM family
            """,
            new
            {
                family = Guid.CreateVersion7(now), user = user.Id, stamp = user.SecurityStamp, now,
                hash = token.Hash, expires = now + RefreshLifetime,
            },
            cancellationToken: cancellationToken));
        if (rows == 0) return false;

        cookies.Set(context, user.Id, user.Email!, token);
        return true;
    }

    /// <summary>
    /// Exchanges a refresh token for its successor and sets new cookies; within <see cref="ReuseGrace"/> the same again.
    /// A token that was used before that is in two hands: its whole family ends. Null, and no cookies set, when the token
    /// is not good any more.
    /// </summary>
    public async Task<UserResponse?> RefreshAsync(RefreshToken token, HttpContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var successor = token.Successor(secret.Value);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var exchange = await connection.QuerySingleOrDefaultAsync<Exchange>(new CommandDefinition(
            """
            WITH presented AS (
                UPDATE refresh_tokens AS token SET used_at = coalesce(token.used_at, @now)
                FROM refresh_families AS family JOIN users ON users.id = family.user_id
                WHERE token.hash = @hash AND token.expires_at > @now
                  AND (token.used_at IS NULL OR token.used_at > @now - @grace)
                  AND family.id = token.family_id AND family.revoked_at IS NULL
                  AND family.security_stamp = users.security_stamp
                RETURNING token.family_id, users.id, users.email
            ), successor AS (
                INSERT INTO refresh_tokens (hash, family_id, expires_at)
                SELECT @successor, family_id, @expires FROM presented
                ON CONFLICT (hash) DO NOTHING
            ), reused AS (
                UPDATE refresh_families AS family SET revoked_at = @now
                FROM refresh_tokens AS token
                WHERE token.hash = @hash AND token.used_at <= @now - @grace
                  AND family.id = token.family_id AND family.revoked_at IS NULL
                RETURNING family.id, family.user_id
            )
            SELECT coalesce(presented.id, reused.user_id) AS user_id, presented.email, reused.id AS revoked_family
            FROM presented FULL JOIN reused ON false
            """,
            new { now, hash = token.Hash, successor = successor.Hash, expires = now + RefreshLifetime, grace = ReuseGrace },
            cancellationToken: cancellationToken));
        if (exchange is null) return null;

        if (exchange.Email is null)
        {
            LogReuse(exchange.UserId, exchange.RevokedFamily);
            return null;
        }

        cookies.Set(context, exchange.UserId, exchange.Email, successor);
        return new UserResponse(exchange.UserId, exchange.Email);
    }

    /// <summary>Ends the session that the token belongs to, whichever of its tokens it is.</summary>
    public async Task EndAsync(RefreshToken token, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE refresh_families SET revoked_at = @now
            WHERE id = (SELECT family_id FROM refresh_tokens WHERE hash = @hash) AND revoked_at IS NULL
            """,
            new { now = time.GetUtcNow(), hash = token.Hash },
            cancellationToken: cancellationToken));
    }

    /// <summary>Ends all sessions of a user. One that starts at the same moment may outlive it.</summary>
    public async Task EndAllAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE refresh_families SET revoked_at = @now WHERE user_id = @userId AND revoked_at IS NULL",
            new { now = time.GetUtcNow(), userId },
            cancellationToken: cancellationToken));
    }

    [LoggerMessage(LogLevel.Warning, "A refresh token of user {UserId} was used a second time; its session {Family} is ended.")]
    private partial void LogReuse(Guid userId, Guid? family);

    /// <summary>Either the user's new token was written (then there is an e-mail address), or a family was revoked.</summary>
    private sealed record Exchange(Guid UserId, string? Email, Guid? RevokedFamily);
}
