using Dapper;
using Npgsql;
using Quartz;

namespace Ticketing.Auth.Users;

/// <summary>
/// Gives accounts from before <see cref="EmailAddress.Key"/>, and of replicas of that time, the key of their address, where no
/// other account has it. Only addresses with other than ASCII characters have a former key that differs. Where two accounts
/// have spellings of one address, the later one keeps its former key: both go on (<see cref="UserAccounts"/>).
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class RekeyAddresses(NpgsqlDataSource database, ILogger<RekeyAddresses> logger) : IJob
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private const int PageSize = 500;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await RunAsync(cancellationToken);

    /// <summary>Goes through all of them, in the order in which they signed up; says how many got their key.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (rekeyed, last) = (0, Guid.Empty);
        List<Account> page;
        do
        {
            page = (await connection.QueryAsync<Account>(new CommandDefinition(
                """
                SELECT id, email, normalized_email AS key FROM users
                WHERE octet_length(normalized_email) <> length(normalized_email) AND id > @last
                ORDER BY id LIMIT @PageSize
                """,
                new { last, PageSize }, cancellationToken: cancellationToken))).AsList();
            foreach (var account in page)
            {
                last = account.Id;
                if (EmailAddress.Key(account.Email) is var key && key != account.Key)
                    rekeyed += await RekeyAsync(connection, account, key, cancellationToken);
            }
        }
        while (page.Count == PageSize);
        return rekeyed;
    }

    private async Task<int> RekeyAsync(NpgsqlConnection connection, Account account, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE users SET normalized_email = @key WHERE id = @Id AND normalized_email = @former",
                new { key, account.Id, former = account.Key }, cancellationToken: cancellationToken));
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            LogTaken(account.Id);
            return 0;
        }
    }

    [LoggerMessage(LogLevel.Debug, "User {UserId} keeps a former key: another account has another spelling of the same e-mail address")]
    private partial void LogTaken(Guid userId);

    private sealed record Account(Guid Id, string Email, string Key);
}
