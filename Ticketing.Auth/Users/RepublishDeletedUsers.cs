namespace Ticketing.Auth.Users;

/// <summary>Tells of every deleted account again.</summary>
internal static class RepublishDeletedUsers
{
    /// <summary>One page; see <see cref="Data.Republishing"/>.</summary>
    public const string Page =
        """
        WITH page AS (
            SELECT id FROM deleted_users WHERE id > @after ORDER BY id LIMIT @size
        ), published AS (
            INSERT INTO outbox (type, body) SELECT 'UserDeleted', jsonb_build_object('userId', id) FROM page
        )
        SELECT id FROM page ORDER BY id
        """;
}
