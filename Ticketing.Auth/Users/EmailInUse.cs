using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Ticketing.ApiDefaults;

namespace Ticketing.Auth.Users;

/// <summary>An e-mail address belongs to one user; when two want it at once, the unique index decides.</summary>
internal static class EmailInUse
{
    public static ProblemHttpResult Problem() => Problems.BadRequest("Email in use.");

    /// <summary>Whether saving failed since another user has the address.</summary>
    public static bool IsReasonOf(DbUpdateException failure) =>
        failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };
}
