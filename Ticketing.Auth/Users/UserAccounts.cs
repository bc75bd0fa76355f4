using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Ticketing.Auth.Users;

/// <summary>
/// Identity's manager of users, for whom two spellings of one e-mail address are the same (<see cref="EmailAddress.Key"/>).
/// Accounts from before that rule go on: where two of them have spellings of one address, each keeps its former key and is
/// found by the spelling that it was made with.
/// </summary>
internal sealed class UserAccounts(
    UsersDatabase database, IUserStore<User> store, IOptions<IdentityOptions> options, IPasswordHasher<User> hasher,
    IEnumerable<IUserValidator<User>> userValidators, IEnumerable<IPasswordValidator<User>> passwordValidators,
    ILookupNormalizer normalizer, IdentityErrorDescriber errors, IServiceProvider services, ILogger<UserManager<User>> logger)
    : UserManager<User>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
{
    public override async Task<User?> FindByEmailAsync(string email)
    {
        var (key, former) = (EmailAddress.Key(email), EmailAddress.FormerKey(email));
        return await database.Set<User>()
            .Where(user => user.NormalizedEmail == key || user.NormalizedEmail == former)
            .OrderByDescending(user => user.NormalizedEmail == former)
            .FirstOrDefaultAsync();
    }

    /// <summary>A key changes with its address only: any other change of an account must not fail for its former key.</summary>
    public override Task UpdateNormalizedEmailAsync(User user)
    {
        var entry = database.Entry(user);
        return entry.State is EntityState.Detached or EntityState.Added || entry.Property(known => known.Email).IsModified
            ? base.UpdateNormalizedEmailAsync(user)
            : Task.CompletedTask;
    }
}

/// <summary>Gives Identity the key of an address.</summary>
internal sealed class AddressNormalizer : ILookupNormalizer
{
    public string? NormalizeEmail(string? email) => email is null ? null : EmailAddress.Key(email);

    /// <summary>Users have no names.</summary>
    public string? NormalizeName(string? name) => name?.ToUpperInvariant();
}

/// <summary>
/// Hashes passwords in their normalized form. One that was set before there was such a form is checked as it is typed, and
/// hashed anew: then it is known however it is typed. As with every new hash, the user's other sessions end.
/// </summary>
internal sealed class NormalizedPasswordHasher(IOptions<PasswordHasherOptions> options) : PasswordHasher<User>(options)
{
    public override string HashPassword(User user, string password) => base.HashPassword(user, Password.Normalize(password));

    public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
    {
        var normalized = Password.Normalize(providedPassword);
        var result = base.VerifyHashedPassword(user, hashedPassword, normalized);
        if (result is not PasswordVerificationResult.Failed || normalized == providedPassword)
            return result;
        return base.VerifyHashedPassword(user, hashedPassword, providedPassword) is PasswordVerificationResult.Failed
            ? PasswordVerificationResult.Failed
            : PasswordVerificationResult.SuccessRehashNeeded;
    }
}
