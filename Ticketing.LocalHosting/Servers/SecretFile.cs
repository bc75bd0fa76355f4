using System.Buffers.Text;
using System.Security.Cryptography;

namespace Ticketing.LocalHosting.Servers;

/// <summary>Secrets that are made once and kept in files that only their owner can read.</summary>
internal static class SecretFile
{
    /// <summary>A new secret of 192 random bits in letters, digits, <c>-</c> and <c>_</c>, so that it needs no quoting anywhere.</summary>
    public static string Generate() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));

    public static async Task<string> GetOrCreateAsync(string path, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
            return await File.ReadAllTextAsync(path, cancellationToken);

        var secret = Generate();
        await WriteAsync(path, secret, cancellationToken);
        return secret;
    }

    /// <summary>Replaces the file as a whole: after a crash the old or the new text is there, never a part.</summary>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.new";
        File.Delete(temporary);
        await using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        await using (var writer = new StreamWriter(file))
        {
            await writer.WriteAsync(text.AsMemory(), cancellationToken);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
