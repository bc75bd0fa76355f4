using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Ticketing.ServiceDefaults;

namespace Ticketing.Auth.Users;

internal static class UsersExtensions
{
    public static void AddUsers(this IHostApplicationBuilder builder)
    {
        builder.Services.AddDbContext<UsersDatabase>((services, options) => options
            .UseNpgsql(services.GetRequiredService<NpgsqlDataSource>())
            // A lost race for an address is an answer (400), not an error of the service.
            .ConfigureWarnings(warnings => warnings.Log(
                (RelationalEventId.CommandExecuted, LogLevel.Debug),
                (RelationalEventId.CommandError, LogLevel.Debug),
                (CoreEventId.SaveChangesFailed, LogLevel.Debug),
                (CoreEventId.OptimisticConcurrencyException, LogLevel.Debug))));

        // Its manager is the plain one beneath, which no request can cancel: a guesser who hangs up is counted all the same.
        builder.Services
            .AddIdentityCore<User>(identity =>
            {
                identity.Lockout.MaxFailedAccessAttempts = 5;
                identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            })
            .AddEntityFrameworkStores<UsersDatabase>()
            .AddUserManager<UserAccounts>();
        builder.Services.AddScoped<ILookupNormalizer, AddressNormalizer>();
        builder.Services.AddScoped<IPasswordHasher<User>, NormalizedPasswordHasher>();
        builder.AddJob<RekeyAddresses>(RekeyAddresses.Interval);

        // They would ask for user names, and for more of a password than its length. EmailAddress, Password and the unique
        // index say what we ask.
        builder.Services.RemoveAll<IUserValidator<User>>();
        builder.Services.RemoveAll<IPasswordValidator<User>>();

        builder.Services.AddScoped<PasswordGuard>();
        builder.Services.AddSingleton<PasswordTurns>();
    }
}
