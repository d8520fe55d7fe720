namespace Auspex.Experiments.Modules;

/// <summary>Studio's "Import Images". It loads, so that experiments with it can be opened and kept, and fails when run.</summary>
internal sealed class ImportImagesModule : IModule
{
    private const string Authentication = "Authentication type";
    private const string Public = "PublicOrSAS";
    private const string Account = "Account";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Import Images",
        Category = "OpenCV Library Modules",
        IsDeterministic = false,
        Outputs = [Declare.Dataset("Results dataset")],
        Parameters =
        [
            Declare.Choice(Authentication, Account, [Public, Account]),
            Declare.Text("URI", when: Declare.When(Authentication, Public)),
            Declare.Text("Account name", when: Declare.When(Authentication, Account)),
            Declare.Secret("Account key", when: Declare.When(Authentication, Account)),
            Declare.Text("Path to container, directory or blob", when: Declare.When(Authentication, Account)),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken) => throw new ModuleException(
        39, "'Import Images' loads and does not run: this program reads no pictures. Make a table of their features elsewhere, and bring it with Import Data.");
}
