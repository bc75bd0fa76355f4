using Microsoft.EntityFrameworkCore;

namespace Ticketing.Auth.Users;

/// <summary>Identity's view of the table <c>users</c>; <c>Database/*.sql</c> makes it.</summary>
internal sealed class UsersDatabase(DbContextOptions<UsersDatabase> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<User>(user =>
    {
        user.ToTable("users");
        user.HasKey(u => u.Id);
        user.Property(u => u.Id).HasColumnName("id").ValueGeneratedNever();
        user.Property(u => u.Email).HasColumnName("email");
        user.Property(u => u.NormalizedEmail).HasColumnName("normalized_email");
        user.Property(u => u.PasswordHash).HasColumnName("password_hash");
        user.Property(u => u.SecurityStamp).HasColumnName("security_stamp");
        user.Property(u => u.ConcurrencyStamp).HasColumnName("concurrency_stamp").IsConcurrencyToken();
        user.Property(u => u.AccessFailedCount).HasColumnName("access_failed_count");
        user.Property(u => u.LockoutEnd).HasColumnName("lockout_end");
        user.Property(u => u.CreatedAt).HasColumnName("created_at");

        // Identity's other ideas of a user: people sign in by e-mail address, and have no telephone here.
        user.Ignore(u => u.UserName);
        user.Ignore(u => u.NormalizedUserName);
        user.Ignore(u => u.EmailConfirmed);
        user.Ignore(u => u.PhoneNumber);
        user.Ignore(u => u.PhoneNumberConfirmed);
        user.Ignore(u => u.TwoFactorEnabled);
        user.Ignore(u => u.LockoutEnabled);
    });
}
