using System.ComponentModel.DataAnnotations;

namespace Ticketing.DatabaseSetup;

/// <summary>The section <c>Setup</c> of the configuration, and <c>ConnectionStrings:postgres</c>.</summary>
internal sealed class SetupOptions
{
    public const string Section = "Setup";

    /// <summary>The superuser's connection string, or that of a role that may create databases and roles.</summary>
    [Required(ErrorMessage = "ConnectionStrings__postgres is missing: the connection string of the server's superuser.")]
    public string Superuser { get; set; } = "";

    /// <summary>The services' databases, each with the password of the role of the same name that owns it.</summary>
    [MinLength(1, ErrorMessage = "There is no Setup__Passwords__NAME: the databases to create, each with its owner's password.")]
    public Dictionary<string, string> Passwords { get; init; } = [];

    /// <summary>
    /// Passwords of the roles that read and write rows and change nothing else (<c>NAME_runtime</c>), for databases of
    /// <see cref="Passwords"/> that are migrated by a job of their own.
    /// </summary>
    public Dictionary<string, string> RuntimePasswords { get; init; } = [];

    /// <summary>Whether to stay when all is done, for platforms that start whatever ends again.</summary>
    public bool KeepRunning { get; init; }
}
