"""What the helpers say in Brazilian Portuguese, by the English template that stands in the code."""

# ruff: noqa: E501

MESSAGES: dict[str, str] = {
    # helpers/check/feedback.py
    "waiting for your answer": "esperando a sua resposta",
    "passed, with a warning": "passou, com um aviso",
    "not yet": "ainda não",
    "The check calls `{form}`, and what you hand it does not take that: {kind}.": "A verificação chama `{form}`, mas a sua resposta não aceita esses argumentos: {kind}.",
    "Replace the `...` in this cell with your answer and run it.": "Troque o `...` desta célula pela sua resposta e rode a célula.",
    "This answer is of a kind that the check cannot make sense of ({error}). Compare its form with the task.":
        "A verificação não consegue entender uma resposta desse tipo ({error}). Compare a forma dela com o que o exercício pede.",
    "a class": "uma classe",
    "not run yet": "ainda não rodou",
    "Exercises solved: {done} of {all}": "Exercícios resolvidos: {done} de {all}",
    "passed": "passou",
    # helpers/check/doubles.py
    "The function": "A função",
    "{what} stops with an error in {error}.": "{what} dá erro: {error}.",
    "A loss like `nn.CrossEntropyLoss` is a class: calling it makes the loss function, which is called afterwards. Write `nn.CrossEntropyLoss()(prediction, target)`: one pair of brackets makes it, the next calls it.":
        "Uma perda como `nn.CrossEntropyLoss` é uma classe: chamá-la cria a função de perda, que se chama depois. Escreva `nn.CrossEntropyLoss()(prediction, target)`, com um par de parênteses para criar e outro para chamar.",
    "line {number}, `{line}`: {message}": "linha {number}, `{line}`: {message}",
    # helpers/check/trial.py
    "{case} the function": "{case}, a função",
    "The weights are moved, but not by the `optimizer`: by another one, or by hand. Call `optimizer.step()`.":
        "Os pesos mudam, mas não pelo `optimizer`: quem os muda é outro otimizador ou uma conta feita à mão. Chame `optimizer.step()`.",
    "The gradients are cleared between `backward()` and `step()`, so the step finds none. Clear them before `backward()`.":
        "Os gradientes são zerados entre `backward()` e `step()`, então o passo não encontra nenhum. Zere-os antes de `backward()`.",
    "It steps before it goes backward, so each step uses the gradients of the step before. The order is forward, loss, `backward()`, `step()`.":
        "O passo vem antes do backward, então cada passo usa os gradientes do passo anterior. A ordem é forward, perda, `backward()`, `step()`.",
    "The weights stay as they are. For each batch, `loss.backward()` computes the gradients, and then `optimizer.step()` uses them. Are both called, with their brackets?":
        "Os pesos não mudam. Para cada batch, `loss.backward()` calcula os gradientes, e depois `optimizer.step()` os usa. Os dois são chamados, com os parênteses?",
    "A softmax stands before the loss, and `nn.CrossEntropyLoss` brings its own, so the gradients are small and learning is slow. Give it the logits as they are.":
        "Há um softmax antes da perda, e a `nn.CrossEntropyLoss` já traz o seu: assim os gradientes ficam pequenos, e o aprendizado, lento. Passe os logits como eles são.",
    "It uses a loss of its own, not the `criterion` that it is given. Use the function's own arguments, and it works for any other too.":
        "A função usa uma perda própria, não o `criterion` que recebe. Use os argumentos da própria função, e ela serve para qualquer outro.",
    "The weights change, but not as one step of the `optimizer` for each batch, on the gradient of the `criterion`, would change them.":
        "Os pesos mudam, mas não como mudariam com um passo do `optimizer` para cada batch, pelo gradiente do `criterion`.",
    "It uses a `{what}` of the notebook. Use only what the function is given, and it works for any other too.":
        "A função usa `{what}` do notebook. Use só o que a função recebe, e ela serve para qualquer outro também.",
    "Steps of the optimizer: {steps}; {batches} would be right, one for each batch.": "Passos do otimizador: {steps}; o certo é {batches}, um para cada batch.",
    # helpers/check/epochs.py
    "In testing": "No teste",
    "With an optimizer": "Com um otimizador",
    "Without an optimizer": "Sem otimizador",
    "{case} the network sees {seen} of {batches} batches. Loop over `loader`, and call `net` on the inputs. Is a `return` or a `break` inside the loop, or the report indented too far?":
        "{case}, a rede vê {seen} de {batches} batches. Percorra `loader` em um loop e chame `net` com as entradas. Há um `return` ou um `break` dentro do loop, ou a linha que informa a perda está indentada demais?",
    "{case} the network is in evaluation mode, so Dropout and BatchNorm would not train. Call `net.train()`.":
        "{case}, a rede fica no modo de avaliação, e assim Dropout e BatchNorm não treinariam. Chame `net.train()`.",
    "{case} the network is in training mode, so Dropout would switch neurons off while you test. Call `net.eval()`.":
        "{case}, a rede fica no modo de treino, e assim o Dropout desligaria neurônios durante o teste. Chame `net.eval()`.",
    "{case} the weights change. Testing only looks: `backward()` and `step()` are for training.": "{case}, os pesos mudam. Testar é só olhar: `backward()` e `step()` são para o treino.",
    "It goes backward in testing too, and the next training step uses those gradients. `backward()` is for training.":
        "A função também faz o backward no teste, e o próximo passo de treino usa esses gradientes. `backward()` é para o treino.",
    "{case} the {what} that it returns is {value:.4f}, which is not what the network makes of these batches. The loss comes first, then the accuracy.":
        "{case}, o resultado retornado como {what} é {value:.4f}, e não é isso que a rede consegue com esses batches. Primeiro vem a perda, depois a acurácia.",
    "{case} it reports {shown}, the {what} of a single batch; {right:.4f} is that of all. Collect in the loop, and average after it.":
        "{case}, a função informa {shown}: {what} de um batch apenas; a de todos é {right:.4f}. Acumule dentro do loop e tire a média depois dele.",
    "{case} it reports {shown}, the mean of the batches' means, where a sample of the short last batch counts for more than others; {right:.4f} is the mean over the samples. Multiply each mean by the samples of its batch, add up, and divide by all samples.":
        "{case}, a função informa {shown}, a média das médias dos batches, em que uma amostra do último batch, menor, pesa mais do que as outras; a média sobre as amostras é {right:.4f}. Multiplique cada média pelo número de amostras do seu batch, some tudo e divida pelo total de amostras.",
    "{case} it reports {shown}, a sum. Divide it by how many were added up.": "{case}, a função informa {shown}, uma soma. Divida pela quantidade de valores somados.",
    "{case} it reports {shown}, a sum divided by something else than how many were added up; {right:.4f} would be right. A sum over batches goes with `len(loader)`, a sum over samples with their number.":
        "{case}, a função informa {shown}, uma soma dividida por outra coisa que não a quantidade de valores somados; o certo seria {right:.4f}. Uma soma sobre batches se divide por `len(loader)`; uma soma sobre amostras, pelo número delas.",
    "{case} it reports {shown}: losses of an earlier call are still in the list. Start each call with an empty one.":
        "{case}, a função informa {shown}: na lista ainda há perdas de uma chamada anterior. Comece cada chamada com uma lista vazia.",
    "{case} it reports {shown} percent; a fraction from 0 to 1 is asked for.": "{case}, a função informa {shown} por cento; o pedido é uma fração de 0 a 1.",
    "The `argmax` of the accuracy runs over the batch, dimension 0. The prediction for a sample is the class with the largest logit in its row: `argmax(dim=1)`.":
        "O `argmax` da acurácia percorre o batch, a dimensão 0. A previsão para uma amostra é a classe com o maior logit da sua linha: `argmax(dim=1)`.",
    "It returns {kind}. Two numbers are asked for, the loss and the accuracy.": "A função retorna {kind}. O pedido são dois números, a perda e a acurácia.",
    # helpers/check/quizzes.py
    'Replace the `...` by your letters, for example {{"A"}}, and run the cell.': 'Troque o `...` pelas suas letras, por exemplo {{"A"}}, e rode a célula.',
    "Expected letters such as {example}, got {answer}.": "A resposta deve ter letras, como {example}, mas veio {answer}.",
    "What you chose is right. Right answers still missing: {count}.": "O que você escolheu está certo. Respostas certas que ainda faltam: {count}.",
    "There is no question {unknown}. They are: {known}.": "Não existe a questão {unknown}. As questões são: {known}.",
    "{question}: choose one of {options}; got {value!r}.": "{question}: escolha entre {options}; a resposta foi {value!r}.",
    "Not answered yet: {names}.": "Ainda sem resposta: {names}.",
    # helpers/check/notebook_1.py
    "It adds the losses of the samples up. A loss is their mean, so that it does not grow with the size of the batch: end with `.mean()`.":
        "A função soma as perdas das amostras. A perda é a média delas, para não crescer com o tamanho do batch: termine com `.mean()`.",
    "Errors above and below cancel out: an error of +1 and one of -1 make a loss of 0. Make each error positive before you average.":
        "Erros para cima e para baixo se cancelam: um erro de +1 e um de -1 dão perda 0. Torne cada erro positivo antes de tirar a média.",
    "It takes the median of the errors, which ignores how large the largest are. A loss is their mean: end with `.mean()`.":
        "A função usa a mediana dos erros, que ignora o tamanho dos maiores. A perda é a média deles: termine com `.mean()`.",
    "It takes a root. That has the unit of the target, but it is not this loss.": "A função tira uma raiz. O resultado fica na unidade do alvo, mas não é esta perda.",
    "The sign is wrong: the logarithm of a probability is negative, and a loss is minus that.": "O sinal está trocado: o logaritmo de uma probabilidade é negativo, e a perda é menos esse logaritmo.",
    "It counts only the samples of one class. Every sample has a term: target times log p, plus (1 - target) times log(1 - p).":
        "A função conta só as amostras de uma classe. Toda amostra tem o seu termo: o alvo vezes log p, mais (1 - alvo) vezes log(1 - p).",
    "The logarithm is missing: cross-entropy is minus the logarithm of the probability that the true class was given.":
        "Falta o logaritmo: a entropia cruzada é menos o logaritmo da probabilidade dada à classe verdadeira.",
    "This is the mean of the sizes of the errors, which is L1. MSE squares each error.": "Esta é a média dos valores absolutos dos erros, ou seja, a L1. A MSE eleva cada erro ao quadrado.",
    "It averages first and squares after, so errors above and below cancel out. Square each error first.":
        "A função tira a média antes e eleva ao quadrado depois, então erros para cima e para baixo se cancelam. Primeiro, eleve cada erro ao quadrado.",
    "It is half of the loss. Some books put a 1/2 in front; PyTorch does not.": "É a metade da perda. Alguns livros põem um 1/2 na frente; o PyTorch, não.",
    "This is the mean of the squares, which is MSE. L1 takes the size of each error, `.abs()`.": "Esta é a média dos quadrados, ou seja, a MSE. A L1 usa o valor absoluto de cada erro, `.abs()`.",
    "The sigmoid is applied twice. Here the predictions are logits, and one sigmoid makes them probabilities.":
        "A sigmoide é aplicada duas vezes. Aqui as previsões são logits, e uma sigmoide basta para transformá-los em probabilidades.",
    "The two classes are swapped: p is the probability of target 1.": "As duas classes estão trocadas: p é a probabilidade do alvo 1.",
    "This is the mean squared error of the probabilities. Cross-entropy takes logarithms.": "Este é o erro quadrático médio das probabilidades. A entropia cruzada usa logaritmos.",
    "The predictions are logits, from minus to plus infinity, and it takes them for probabilities. Apply the sigmoid first.":
        "As previsões são logits, de menos a mais infinito, e a função as trata como probabilidades. Antes, aplique a sigmoide.",
    "The softmax runs over the wrong axis: over the samples, dim 0. The probabilities of one sample, over its classes (dim 1), add up to 1.":
        "O softmax está no eixo errado: o das amostras, dim 0. O que soma 1 são as probabilidades de uma amostra, ao longo das classes (dim 1).",
    "The softmax is applied twice: `log_softmax`, `F.cross_entropy` and `nn.CrossEntropyLoss` bring their own.":
        "O softmax é aplicado duas vezes: `log_softmax`, `F.cross_entropy` e `nn.CrossEntropyLoss` já trazem o seu.",
    "It averages over the classes too, not only over the samples: the result is C times too small. Pick the true class of each sample, then average over the samples.":
        "A função tira a média também sobre as classes, não só sobre as amostras: o resultado fica C vezes menor do que deveria. Pegue a classe verdadeira de cada amostra e depois tire a média sobre as amostras.",
    "It takes logits for log-probabilities. Apply `log_softmax` over the classes first.": "A função trata logits como log-probabilidades. Antes, aplique `log_softmax` ao longo das classes.",
    "Value and gradient are PyTorch's own.": "Valor e gradiente são iguais aos do PyTorch.",
    "Value and gradient are PyTorch's own, for large logits too.": "Valor e gradiente são iguais aos do PyTorch, também com logits grandes.",
    "the sigmoid has become exactly 0 or 1 there, and the logarithm of 0 is minus infinity.": "ali a sigmoide já vale exatamente 0 ou 1, e o logaritmo de 0 é menos infinito.",
    "`F.softplus`, `F.logsigmoid`, or max(z, 0) - z * target + log(1 + exp(-|z|))": "`F.softplus`, `F.logsigmoid` ou max(z, 0) - z * target + log(1 + exp(-|z|))",
    "exp() of a large number is infinite, and the logarithm of 0 is too.": "exp() de um número grande é infinito, e o logaritmo de 0 também.",
    "subtract each row's largest logit first, or use `torch.logsumexp` or `log_softmax`": "subtraia antes o maior logit de cada linha, ou use `torch.logsumexp` ou `log_softmax`",
    "All of them.": "Tudo certo.",
    "1: that would work, but large errors are to count most here, and L1 and Huber count them least.":
        "1: funcionaria, mas aqui os erros grandes devem pesar mais, e a L1 e a Huber são as que dão menos peso a eles.",
    "1: the price is a quantity, not yes or no, and not one of some classes.": "1: o preço é uma quantidade, não um sim ou não, nem uma entre várias classes.",
    "2: a wrong reading is a huge error, and MSE squares it: a few such readings decide the fit.": "2: uma leitura errada é um erro enorme, e a MSE o eleva ao quadrado: poucas leituras assim decidem o ajuste.",
    "2: the temperature is a quantity, not yes or no, and not one of some classes.": "2: a temperatura é uma quantidade, não um sim ou não, nem uma entre várias classes.",
    "3: squared errors of probabilities hardly punish a network that is sure and wrong.": "3: o erro quadrático das probabilidades quase não pune uma rede segura de si que erra.",
    "3: there is no quantity here: the answer is yes or no.": "3: aqui não há quantidade: a resposta é sim ou não.",
    "3: CrossEntropyLoss would need two logits, one for each answer. With one logit it is always 0.": "3: a CrossEntropyLoss precisaria de dois logits, um para cada resposta. Com um logit só, ela é sempre 0.",
    "4: the numbers of the digits are names. To take a 9 for an 8 is no smaller a mistake than for a 1.":
        "4: os números dos dígitos são nomes. Confundir um 9 com um 8 não é um erro menor do que confundi-lo com um 1.",
    "4: exactly one of ten classes is right; BCE would treat them as ten separate questions.": "4: exatamente uma entre dez classes está certa; para a BCE, seriam dez perguntas separadas.",
    "5: each topic is a yes or a no, not a quantity.": "5: cada tema é um sim ou um não, e não uma quantidade.",
    "5: CrossEntropyLoss expects exactly one right class, and an article may have several topics, or none.":
        "5: a CrossEntropyLoss espera exatamente uma classe certa, e um artigo pode ter vários temas, ou nenhum.",
    "The value is right, but the gradient does not flow back to the prediction, or only in part. Stay with tensors: `.item()`, `.detach()`, NumPy and `float()` cut the connection.":
        "O valor está certo, mas o gradiente não volta até a previsão, ou só volta em parte. Trabalhe só com tensores: `.item()`, `.detach()`, NumPy e `float()` cortam a ligação.",
    "It is right for some shapes only. For predictions of shape {shape} it returns {value:.4g}, where {right:.4g} would be right. Is a number of samples or classes written into it?":
        "Só dá certo com alguns formatos. Para previsões de formato {shape}, a função retorna {value:.4g}, e o certo seria {right:.4g}. Há um número de amostras ou de classes fixo no código?",
    "For predictions {prediction} and targets {target} it returns {value:.4g}; {right:.4g} would be right.":
        "Para as previsões {prediction} e os alvos {target}, a função retorna {value:.4g}; o certo seria {right:.4g}.",
    "Right for small logits, but at logits of {logit:g} the result is {value:.4g}, where {right:.1f} would be right: {why} Clipping or adding a small number would only hide that and stop the learning. Work from the logit itself: {how}.":
        "Certo para logits pequenos, mas com logits de {logit:g} o resultado é {value:.4g}, e o certo seria {right:.1f}: {why} Limitar os valores ou somar um número pequeno só esconderia isso e travaria o aprendizado. Faça a conta a partir do logit: {how}.",
    "The values are right, but at logits of {logit:g} the gradient is wrong, so the network could not learn from its worst mistakes. Work from the logit itself: {how}.":
        "Os valores estão certos, mas com logits de {logit:g} o gradiente está errado, e a rede não conseguiria aprender com os seus piores erros. Faça a conta a partir do logit: {how}.",
    "It changes the tensors that it is given. Write `x = x - y` instead of `x -= y` or methods that end in `_`.":
        "A função altera os tensores que recebe. Escreva `x = x - y` em vez de `x -= y` ou de métodos que terminam em `_`.",
    "It returns {kind}. End with `return` and a tensor that holds one number, so that `backward()` can start from it.":
        "A função retorna {kind}. Termine com `return` e um tensor com um único número, para que `backward()` possa partir dele.",
    "It returns shape {shape}, one loss per element. A loss is a single number: end with `.mean()`.":
        "A função retorna um tensor de formato {shape}, uma perda por elemento. A perda é um número só: termine com `.mean()`.",
    # helpers/check/notebook_2.py
    "One step of plain SGD: `lr` times the gradient, off every parameter.": "Um passo de SGD simples: cada parâmetro menos `lr` vezes o seu gradiente.",
    "An optimizer takes the step. Take it yourself: `w -= lr * w.grad` for each parameter.": "Quem dá o passo é um otimizador. Dê você o passo: `w -= lr * w.grad` para cada parâmetro.",
    "PyTorch would have to note the update down for `backward()`, and refuses. Put it under `with torch.no_grad():`.":
        "O PyTorch teria que registrar a atualização para o `backward()`, e se recusa. Coloque-a dentro de `with torch.no_grad():`.",
    "It goes backward, but the tensors in `net` stay as they are. `w = w - ...` makes another tensor and calls that `w`; `w -= ...` changes the one in the network.":
        "A função faz o backward, mas os tensores de `net` não mudam. `w = w - ...` cria outro tensor e dá a ele o nome `w`; `w -= ...` altera o que está na rede.",
    "The weights stay as they are. One step is forward, loss, `backward()`, and `w -= lr * w.grad` for each parameter.":
        "Os pesos não mudam. Um passo é forward, perda, `backward()` e `w -= lr * w.grad` para cada parâmetro.",
    "The step goes uphill, and the loss rises. The gradient points uphill, so it is taken off: `w -= lr * w.grad`.":
        "O passo vai morro acima, e a perda sobe. O gradiente aponta para cima, por isso se subtrai: `w -= lr * w.grad`.",
    "The gradients of an earlier call were still there, and `backward()` has added to them. Clear them before: `net.zero_grad()`.":
        "Os gradientes de uma chamada anterior ainda estavam lá, e `backward()` somou os novos a eles. Zere-os antes: `net.zero_grad()`.",
    "The step uses the gradients of an earlier call. The order is forward, loss, `backward()`, and then the step.":
        "O passo usa os gradientes de uma chamada anterior. A ordem é forward, perda, `backward()` e só então o passo.",
    "The direction is right, but the step is {factor:.3g} times as long as `lr` times the gradient.": "A direção está certa, mas o passo tem {factor:.3g} vezes o tamanho de `lr` vezes o gradiente.",
    "The weights change, but not by `lr` times the gradient of this loss.": "Os pesos mudam, mas não por `lr` vezes o gradiente desta perda.",
    "The step is right for some parameters, but these stay as they are: {names}. `net.parameters()` gives all of them, weights and biases.":
        "O passo está certo para alguns parâmetros, mas estes não mudam: {names}. `net.parameters()` dá todos, pesos e vieses.",
    "One step of the optimizer, from fresh gradients, and the loss before it.": "Um passo do otimizador, com gradientes novos, e a perda de antes dele.",
    "The first step is right, the second is not: `backward()` adds to the gradients of the step before. Clear them with `optimizer.zero_grad()`.":
        "O primeiro passo está certo, o segundo não: `backward()` soma os novos gradientes aos do passo anterior. Zere os gradientes com `optimizer.zero_grad()`.",
    "One thing to know: it returns the loss together with its graph, and a list of such losses keeps every graph in memory. `loss.item()` is the number alone.":
        "É bom saber: a função retorna a perda junto com o grafo, e uma lista de perdas assim mantém todos os grafos na memória. `loss.item()` é só o número.",
    "The step is right, but it returns {value}. Return the loss before the step, which was {right:.4f}.":
        "O passo está certo, mas a função retorna {value}. Retorne a perda de antes do passo, que era {right:.4f}.",
    "The step is right, but the loss that it returns is the one after it. Return the loss that you went backward from.":
        "O passo está certo, mas a perda retornada é a de depois dele. Retorne a perda com que você fez o backward.",
    "A: the curve leaves at the top and never comes back. The steps were so large that the weights left the range of float32, and the loss is nan.":
        "A: a curva some pelo alto e não volta mais. Os passos foram tão grandes que os pesos saíram do intervalo do float32, e a perda é nan.",
    "B: the curve falls fast, then ever more slowly, and never jumps: the steps are neither too small nor too large.":
        "B: a curva cai depressa, depois cada vez mais devagar, e nunca salta: os passos não são pequenos demais nem grandes demais.",
    "C: the curve hardly leaves ln 3, where an untrained network starts: the steps are tiny.": "C: a curva quase não sai de ln 3, onde uma rede sem treino começa: os passos são minúsculos.",
    "D: the curve jumps up and down without settling: the steps overshoot, but not so far that the loss becomes nan.":
        "D: a curva salta para cima e para baixo e não se estabiliza: os passos vão longe demais, mas não tanto que a perda vire nan.",
    # helpers/check/notebook_3.py
    "{what} is {kind}. A pair is expected: `{names}`.": "{what} é {kind}. O esperado é um par: `{names}`.",
    "The features have shape {shape}; {right} is expected, one number for each of the 12 features.": "As características têm formato {shape}; o esperado é {right}, um número para cada uma das 12.",
    "The target has shape {target}; {right_target} is expected. A batch of numbers without a dimension of their own has shape [N], which the loss would pair with predictions of shape [N, 1] all against all. Put the number into a list, `torch.tensor([bikers])`, and the column too: `table[['bikers']]`.":
        "O alvo tem formato {target}; o esperado é {right_target}. Um batch de números sem dimensão própria tem formato [N], e a perda combinaria cada alvo com todas as previsões, de formato [N, 1]. Coloque o número em uma lista, `torch.tensor([bikers])`, e a coluna também: `table[['bikers']]`.",
    "Whole weeks kept aside, scaled by the training rows alone, all rows in batches.": "Semanas inteiras reservadas, escala só das linhas de treino, todas as linhas em batches.",
    "It changes the `table` that it is given, and the notebook goes on with it. Work on a copy: `table.copy()`, or `drop` without `inplace`.":
        "A função altera a `table` que recebe, e o notebook continua a usá-la. Trabalhe em uma cópia: `table.copy()`, ou `drop` sem `inplace`.",
    "Some rows are in both loaders. Whoever is tested on what it was trained with looks better than it is.":
        "Algumas linhas estão nos dois loaders. Uma rede testada com o que viu no treino parece melhor do que é.",
    "The short last batch is missing: {missing} rows in all. Leave `drop_last` out.": "Falta o último batch, menor: {missing} linhas ao todo. Deixe o `drop_last` de fora.",
    "Each row belongs in one loader, once. In neither: {missing}.": "Cada linha deve estar em um dos loaders, uma única vez. Em nenhum deles: {missing}.",
    "The two are swapped: the training loader comes first.": "Os dois estão trocados: o loader de treino vem primeiro.",
    "The test rows are others: those where `(table['day'] - 1) // 7 % 5 == 4`.": "As linhas de teste são outras: aquelas em que `(table['day'] - 1) // 7 % 5 == 4`.",
    "The batches hold {sizes[0]} and {test_sizes[0]} rows; 64 is asked for.": "Os batches têm {sizes[0]} e {test_sizes[0]} linhas; o pedido é 64.",
    "The training rows come in the table's order. Shuffle them: `shuffle=True`.": "As linhas de treino vêm na ordem da tabela. Embaralhe-as: `shuffle=True`.",
    "The training rows come in the same order in each epoch. `shuffle=True` in the `DataLoader` shuffles them anew.":
        "As linhas de treino vêm na mesma ordem em todas as épocas. `shuffle=True` no `DataLoader` embaralha de novo a cada uma.",
    "The test rows are shuffled. Keep the table's order, so that prediction number i belongs to row i.":
        "As linhas de teste estão embaralhadas. Mantenha a ordem da tabela, para que a previsão número i seja a da linha i.",
    "A loader gives no batch.": "Um dos loaders não dá nenhum batch.",
    "A batch": "Um batch",
    "The targets are not the column `bikers` of the `table` that it is given, as it stands there. Are they scaled, or from a table of the notebook?":
        "Os alvos não são a coluna `bikers` da `table` recebida, tal como está lá. Foram padronizados, ou vêm de uma tabela do notebook?",
    "Features are nan or infinite. A column that is constant in the training rows has deviation 0: divide it by 1.":
        "Há características nan ou infinitas. Uma coluna constante nas linhas de treino tem desvio padrão 0: divida-a por 1.",
    "The features are not scaled.": "As características não foram padronizadas.",
    "The test rows are not scaled. They need the same mean and standard deviation, those of the training rows.":
        "As linhas de teste não foram padronizadas. Use nelas a mesma média e o mesmo desvio padrão, os das linhas de treino.",
    "The scale is that of all rows, so something of the test rows enters the training. Split first, and take mean and standard deviation of the training rows.":
        "A escala é a de todas as linhas, e assim algo das linhas de teste entra no treino. Primeiro separe; depois, use a média e o desvio padrão das linhas de treino.",
    "The test rows are scaled by themselves, so the same number means something else there. Use mean and standard deviation of the training rows for both.":
        "As linhas de teste têm uma escala própria, e nelas o mesmo número quer dizer outra coisa. Use a média e o desvio padrão das linhas de treino nas duas partes.",
    "`{column}` is not scaled by mean and standard deviation of the training rows: the first training row has {value:.4f} there, and {right:.4f} is expected.":
        "`{column}` não está na escala da média e do desvio padrão das linhas de treino: a primeira linha de treino tem {value:.4f} ali, e o esperado é {right:.4f}.",
    "Twelve features and a target, float32, in the shapes that a regression needs.": "Doze características e um alvo, em float32, nos formatos de que uma regressão precisa.",
    "`len(dataset)` is {length} for a table of {rows} rows. Is the header line counted, a row left out, or a table of the notebook read instead of the file at `path`?":
        "`len(dataset)` é {length} para uma tabela de {rows} linhas. O cabeçalho entrou na conta, uma linha ficou de fora, ou foi lida uma tabela do notebook, e não o arquivo em `path`?",
    "features tensor": "tensor das características",
    "target": "alvo",
    "The {part} is {kind}. PyTorch works with tensors: `torch.tensor(..., dtype=torch.float32)`.": "O {part} veio como {kind}. O PyTorch trabalha com tensores: `torch.tensor(..., dtype=torch.float32)`.",
    " and ": " e ",
    "The features hold {columns}: nobody knows that before the hour is over, and it gives the target away. Leave it out.":
        "As características incluem {columns}. Ninguém conhece esses números antes de a hora acabar, e eles entregam o alvo: deixe-os de fora.",
    "The {part} is {dtype}, as pandas and NumPy count. A network's weights are float32: `torch.tensor(..., dtype=torch.float32)`.":
        "O {part} é {dtype}, o tipo com que o pandas e o NumPy calculam. Os pesos de uma rede são float32: `torch.tensor(..., dtype=torch.float32)`.",
    "It reads the file again for each item. That takes milliseconds every time, thousands of times an epoch. Read it once, in `__init__`.":
        "O arquivo é lido de novo para cada item. Isso leva milissegundos por vez, milhares de vezes por época. Leia uma vez só, em `__init__`.",
    "The features of row {row} are not the table's. Expected, as they stand in the file: {right}; got {value}.":
        "As características da linha {row} não são as da tabela. No arquivo estão {right}; vieram {value}.",
    "The target of row {row} is {value:g}, and `bikers` is {right:g} there.": "O alvo da linha {row} é {value:g}, mas ali `bikers` é {right:g}.",
    "It divides the data into batches, and can prepare the next one while the processor works on this one.": "Ele divide os dados em batches e pode preparar o próximo enquanto o processador trabalha neste.",
    "B: a DataLoader hands the data out as the Dataset gives it. Normalising is up to you, in the Dataset or before.":
        "B: o DataLoader entrega os dados como o Dataset os fornece. Normalizar é com você, no Dataset ou antes.",
    "D: transformations run as you wrote them, in the Dataset. The DataLoader can run them in other processes, but it does not make them any better.":
        "D: as transformações rodam como você as escreveu, no Dataset. O DataLoader pode rodá-las em outros processos, mas não as melhora em nada.",
    # helpers/check/notebook_4.py
    "Loss and accuracy of all samples, in evaluation mode, and nothing has changed.": "Perda e acurácia de todas as amostras, no modo de avaliação, e nada mudou.",
    "A network that was in evaluation mode is in training mode afterwards. Leave it in evaluation mode, or give it back the mode that it had.":
        "Uma rede que estava no modo de avaliação termina no modo de treino. Deixe-a no modo de avaliação ou devolva a ela o modo que tinha.",
    "One thing to know: it records what `backward()` would need, and never goes backward. Under `torch.no_grad()` it takes less time and memory.":
        "É bom saber: a função registra o que o `backward()` usaria, mas nunca o chama. Dentro de `torch.no_grad()`, gasta menos tempo e memória.",
    "It flattens, keeps its layers where the optimizer finds them, and returns logits.": "A rede lineariza as imagens, guarda as camadas onde o otimizador as encontra e retorna logits.",
    "In a plain list `nn.Module` does not find the layers, so `net.parameters()` lacks their weights and no optimizer trains them. Put them into an `nn.Sequential` or an `nn.ModuleList`.":
        "Em uma lista comum, o `nn.Module` não encontra as camadas: faltam os pesos delas em `net.parameters()`, e nenhum otimizador os treina. Coloque-as em um `nn.Sequential` ou em uma `nn.ModuleList`.",
    "Layers that `forward` makes start anew at every call, and no optimizer knows them: make them in `__init__`.":
        "Camadas criadas no `forward` recomeçam do zero a cada chamada, e nenhum otimizador as conhece: crie-as no `__init__`.",
    "Sizes are written into the class. Use `input_size`, `hidden_size` and `out_size`, and it works for images and layers of any size.":
        "Há tamanhos fixos na classe. Use `input_size`, `hidden_size` e `out_size`, e ela serve para imagens e camadas de qualquer tamanho.",
    "It works on rows of numbers, not on images [N, 1, H, W]. Flatten them first: `x = x.view(x.size(0), -1)`.":
        "A rede funciona com linhas de números, não com imagens [N, 1, H, W]. Antes, linearize as imagens: `x = x.view(x.size(0), -1)`.",
    "It puts all images of a batch into one long row. Keep dimension 0, which counts the images: `x.view(x.size(0), -1)`.":
        "A rede põe todas as imagens do batch em uma única linha comprida. Mantenha a dimensão 0, que conta as imagens: `x.view(x.size(0), -1)`.",
    "For 6 images and 3 classes `net(x)` gives {kind}; logits of shape [6, 3] are expected.": "Para 6 imagens e 3 classes, `net(x)` dá {kind}; o esperado são logits de formato [6, 3].",
    "`MLP(12, 5, 3)` has these linear layers: {found}. It should have three, made in `__init__`: 12 → 5, 5 → 5 and 5 → 3.":
        "`MLP(12, 5, 3)` tem estas camadas lineares: {found}. Deveriam ser três, criadas em `__init__`: 12 → 5, 5 → 5 e 5 → 3.",
    "`nn.Module` is not ready to hold layers: `__init__` begins with `super().__init__()`.": "O `nn.Module` ainda não está pronto para guardar camadas: `__init__` começa com `super().__init__()`.",
    "It ends in a softmax or sigmoid. Leave that out: `nn.CrossEntropyLoss` takes the logits as they are, and brings its own softmax.":
        "A rede termina em um softmax ou em uma sigmoide. Deixe isso de fora: a `nn.CrossEntropyLoss` recebe os logits como são e já traz o seu softmax.",
    "It ends in a ReLU, which makes every negative logit 0. Logits may be negative: leave it out after the last layer.":
        "A rede termina em uma ReLU, que transforma em 0 todo logit negativo. Logits podem ser negativos: depois da última camada, deixe-a de fora.",
    "A ReLU is missing: each of the two hidden layers is followed by one. Without it, two linear layers can do no more than one.":
        "Falta uma ReLU: depois de cada uma das duas camadas escondidas vem uma. Sem ela, duas camadas lineares não fazem mais do que uma.",
    "The logits are not those of Linear, ReLU, Linear, ReLU, Linear, one after the other.": "Os logits não são os de Linear, ReLU, Linear, ReLU, Linear, uma depois da outra.",
    "469 batches in an epoch, the last one short, times 5 epochs.": "469 batches por época, o último menor, vezes 5 épocas.",
    "That is one epoch. There are 5.": "Isso é uma época. São 5.",
    "60,000 is not a multiple of 128. The rest makes a batch too, a shorter one.": "60.000 não é múltiplo de 128. O que sobra também forma um batch, menor.",
    "60,000 is not a multiple of 128: the rest makes a batch too, a shorter one. And there are 5 epochs.": "60.000 não é múltiplo de 128: o que sobra também forma um batch, menor. E são 5 épocas.",
    "That counts samples. An iteration takes a whole batch of them.": "Você contou amostras. Uma iteração usa um batch inteiro delas.",
    "There are no fractions of an iteration: in each epoch the last, shorter batch counts as one.": "Não existe fração de iteração: em cada época, o último batch, menor, conta como uma.",
    "The epochs do not run together: each ends with a short batch of its own.": "As épocas não se emendam: cada uma termina com o seu próprio batch menor.",
    "How many batches of 128 does it take to see 60,000 digits once? Round up, and think of all 5 epochs.":
        "Quantos batches de 128 são necessários para ver 60.000 dígitos uma vez? Arredonde para cima e pense em todas as 5 épocas.",
    "Each step is small, and one pass over the data is not enough of them to get down.": "Cada passo é pequeno, e uma passagem pelos dados não dá passos suficientes para chegar lá embaixo.",
    "A: shuffling helps, but it is not what makes several epochs work: with a fixed order the loss keeps falling too.":
        "A: embaralhar ajuda, mas não é por isso que várias épocas funcionam: com uma ordem fixa, a perda também continua caindo.",
    "C: compare the loss after one epoch with the loss after three. What the later epochs bring is no small adjustment.":
        "C: compare a perda depois de uma época com a perda depois de três. O que as épocas seguintes trazem não é um pequeno ajuste.",
    "Smaller batches make more steps in an epoch: each epoch takes longer, and no more epochs are needed.":
        "Batches menores dão mais passos por época: cada época demora mais, e não são necessárias mais épocas.",
    "Run `measure` for each batch size, and replace the `...` by what it reports.": "Rode `measure` para cada tamanho de batch e troque os `...` pelo que ela retorna.",
    "A: the seconds say the opposite. Each step has a cost of its own, and small batches make many steps.":
        "A: os segundos dizem o contrário. Cada passo tem um custo próprio, e com batches pequenos são muitos passos.",
    "C: look at the epochs again: with `zero_grad()` the small batches get below 1.6 too, and in no more epochs.":
        "C: olhe as épocas de novo: com `zero_grad()`, os batches pequenos também ficam abaixo de 1,6, e sem precisar de mais épocas.",
    "The conclusion is missing: choose a letter.": "Falta a conclusão: escolha uma letra.",
    "Seconds or epochs are missing for batch size {size}.": "Faltam os segundos ou as épocas dos batches de {size}.",
    "A batch size of 5 makes 12,000 steps in an epoch and 100 makes 600, so the seconds should grow from 100 to 5. Was the computer busy, or are two of them swapped?":
        "Com batches de 5, uma época tem 12.000 passos; com batches de 100, tem 600. Os segundos deveriam crescer de 100 para 5. O computador estava ocupado, ou dois valores estão trocados?",
    "At batch size {size} the loss should get below 1.6 within a few epochs. It does not where gradients add up: does your loop call `optimizer.zero_grad()`?":
        "Com batches de {size}, a perda deveria ficar abaixo de 1,6 em poucas épocas. Quando os gradientes se acumulam, isso não acontece: o seu loop chama `optimizer.zero_grad()`?",
    "Here batch size 100 took 3 epochs to get below 1.6, 20 took 2 and 5 took 1 or 2. Yours: {epochs}. Count the first epoch whose mean loss is below 1.6.":
        "Nos nossos testes, a perda ficou abaixo de 1,6 em 3 épocas com batches de 100, em 2 com os de 20 e em 1 ou 2 com os de 5. As suas épocas: {epochs}. Conte até a primeira com perda média abaixo de 1,6.",
    "1: while it learns, Dropout should switch neurons off and BatchNorm should collect its averages: `train()`.":
        "1: enquanto a rede aprende, o Dropout deve desligar neurônios, e o BatchNorm deve acumular as suas médias: `train()`.",
    "2: for the test accuracy the whole network should answer, and a digit's result should not depend on its batch: `eval()`.":
        "2: para a acurácia no teste, quem responde é a rede inteira, e o resultado de um dígito não deve depender do seu batch: `eval()`.",
    "3: the next epoch trains again. Whoever tested after the last one has to go back: `train()`.": "3: a próxima época treina de novo. Quem testou depois da anterior precisa voltar: `train()`.",
    "4: a single digit has no batch to take averages over; BatchNorm needs those that it collected: `eval()`.":
        "4: um dígito sozinho não forma um batch para tirar médias; o BatchNorm precisa das que acumulou: `eval()`.",
    "5: whether gradients are recorded is not a matter of the mode: that is `torch.no_grad()`.": "5: não é o modo que decide se os gradientes são registrados; para isso existe `torch.no_grad()`.",
    # helpers/check/notebook_5.py
    'With mode "{mode}"': 'No modo "{mode}"',
    "{case} it reports no loss. Print or return the mean of the epoch's losses.": "{case}, a função não informa nenhuma perda. Imprima ou retorne a média das perdas da época.",
    "{case} it reports {shown}, and none of this is the mean of the epoch's losses, {right:.4f}. Print or return that too.":
        "{case}, a função informa {shown}, mas nada disso é a média das perdas da época, {right:.4f}. Imprima ou retorne também essa média.",
    "It trains with an optimizer, tests without one, and uses only what it is given.": "Com um otimizador, a função treina; sem ele, testa; e usa só o que recebe.",
    "It cannot be called without an optimizer: give that argument the default `None`.": "A função não pode ser chamada sem otimizador: dê a esse argumento o valor padrão `None`.",
    "`backward()` adds to the gradients of the step before, and nothing clears them. Call `optimizer.zero_grad()` for each batch.":
        "`backward()` soma os novos gradientes aos do passo anterior, e ninguém os zera. Chame `optimizer.zero_grad()` a cada batch.",
    "Without an optimizer it records what `backward()` would need, which costs time and memory. Put the loop under `torch.set_grad_enabled(False)` or `torch.no_grad()` then.":
        "Sem otimizador, a função registra o que o `backward()` usaria, o que custa tempo e memória. Nesse caso, coloque o loop dentro de `torch.set_grad_enabled(False)` ou de `torch.no_grad()`.",
    "Whether it trains hangs on `{flag}`, and should on the optimizer alone: `is_training = optimizer is not None`.":
        "Se a função treina ou não depende de `{flag}`, e deveria depender só do otimizador: `is_training = optimizer is not None`.",
    "Without an optimizer it still trains: `optimizer` is None then, which has no `zero_grad()` and no `step()`. Train only where `optimizer is not None`.":
        "Sem otimizador, a função ainda tenta treinar: `optimizer` é None, que não tem `zero_grad()` nem `step()`. Treine só quando `optimizer is not None`.",
    'It trains with mode "train", only looks with mode "test", and reports the mean loss of the epoch.': 'A função treina no modo "train", só olha no modo "test" e informa a perda média da época.',
    "The network gets other inputs than the `loader` holds. Loop over the `loader` that the function is given, not over one of the notebook, and give the inputs to `net` as they come.":
        "A rede recebe entradas diferentes das que o `loader` tem. Percorra em um loop o `loader` que a função recebe, não um do notebook, e passe as entradas para `net` como elas vêm.",
    "One thing to know: gradients are not cleared for each batch, so each step uses the sum of all before it and goes on in old directions. The lesson's own solution does the same, and meets its challenge. But the loss stalls, or rises again: the end of this notebook measures it. `optimizer.zero_grad()` before `loss.backward()` cures it.":
        "É bom saber: os gradientes não são zerados a cada batch, então cada passo usa a soma de todos os anteriores e segue em direções antigas. A solução da própria aula faz o mesmo, e cumpre o desafio. Mas a perda para de cair, ou volta a subir: o fim deste notebook mede isso. `optimizer.zero_grad()` antes de `loss.backward()` resolve.",
    "One thing to know: the losses are kept together with their graphs, so the memory of every batch is held until the epoch ends. Keep `loss.item()` instead of `loss`.":
        "É bom saber: as perdas ficam guardadas junto com os grafos, então a memória de cada batch só é liberada no fim da época. Guarde `loss.item()` em vez de `loss`.",
    "{archive} is missing or damaged. Restore it with `git checkout -- data/MNIST/raw` in the course's folder, or copy data/MNIST/raw from a fresh download of the course.":
        "{archive} está danificado ou faltando. Recupere o arquivo com `git checkout -- data/MNIST/raw` na pasta do curso, ou copie data/MNIST/raw de um download novo do curso.",
    'A row has more cells than the header. Where commas mark the decimals, something else separates the cells: pass sep=";", say, and decimal=",".':
        'Uma linha tem mais células que o cabeçalho. Quando a vírgula marca os decimais, o separador é outro: passe, por exemplo, sep=";" e decimal=",".',
    'The file is in another encoding. Files from Excel often need encoding="cp1252", or "utf-16" where it calls them Unicode.':
        'O arquivo está em outra codificação. Os do Excel muitas vezes precisam de encoding="cp1252", ou "utf-16", se ele os chama de Unicode.',
    "A column has no name, or one that another column has; pandas calls it {name!r}. Give it its own, leave it out with drop=[{name!r}], or list the columns to use as features=[...].":
        "Uma coluna não tem nome, ou tem o mesmo nome de outra; o pandas a chama de {name!r}. Dê a ela um nome próprio, deixe-a de fora com drop=[{name!r}] ou liste as colunas a usar em features=[...].",
    "The table has no rows.": "A tabela não tem nenhuma linha de dados.",
    "The table has no column {name!r}.": "A tabela não tem a coluna {name!r}.",
    "It has: {known}.": "As colunas são: {known}.",
    "Its first line is not the header: pass skiprows=1, or as many as there are lines above the header.":
        "A primeira linha não é o cabeçalho: passe skiprows=1, ou o número de linhas que vêm antes dele.",
    "Its cells seem to be separated by {separator!r}: pass sep={separator!r}.": "O separador parece ser {separator!r}: passe sep={separator!r}.",
    "Its first line holds numbers, so there seems to be no header: pass header=None, names=[...].": "A primeira linha contém números, então parece que não há cabeçalho: passe header=None, names=[...].",
    "Did you mean {close!r}?": "Você quis dizer {close!r}?",
    "number that float32 can hold": "um número que caiba em float32",
    "class": "uma classe",
    "Column {column!r} has no {wanted} in {bad} of its {all} rows, first in row {row} below the header: {cell!r}.":
        "Na coluna {column!r}, {bad} das {all} linhas não têm {wanted}; a primeira é a linha {row} abaixo do cabeçalho: {cell!r}.",
    'For numbers like 1.234,5 pass decimal="," and thousands=".".': 'Para números como 1.234,5, passe decimal="," e thousands=".".',
    "Leave the column out with drop=[...], code text as numbers, or remove or fill rows without a value with pandas (dropna, fillna).":
        "Deixe a coluna de fora com drop=[...], transforme o texto em números, ou remova ou preencha as linhas sem valor com o pandas (dropna, fillna).",
    # helpers/models.py
    "An MLP expects a batch, [N, ...], got shape {shape}. For a single sample, pass x.unsqueeze(0).":
        "Uma MLP espera um batch, [N, ...], mas veio o formato {shape}. Para uma só amostra, passe x.unsqueeze(0).",
    # helpers/errors.py
    "No {kind} this time: it ran without an error.": "Desta vez, nenhum {kind}: o código rodou sem erro.",
    # helpers/plotting.py
    "class {number}": "classe {number}",
    "feature {number}": "característica {number}",
    "predicted": "classe prevista",
    "true": "classe verdadeira",
    "{label}, not {prediction}": "{label}, não {prediction}",
    "Expected predictions of shape [N], got {shape}. For logits, pass logits.argmax(dim=1).":
        "As previsões devem ter formato [N], mas veio {shape}. Se são logits, passe logits.argmax(dim=1).",
    "A decision boundary is drawn for two features: expected X of shape [N, 2] and y of shape [N], got {X} and {y}.":
        "A fronteira de decisão é desenhada para duas características: X deve ter formato [N, 2], e y, formato [N], mas vieram {X} e {y}.",
    "The network tells the classes 0 to {last} apart, but y holds labels from {low} to {high}. Count the classes from 0, and give the last layer an output for each: Linear(..., number of classes).":
        "A rede distingue as classes de 0 a {last}, mas y tem rótulos de {low} a {high}. Conte as classes a partir de 0 e dê à última camada uma saída para cada: Linear(..., número de classes).",
    "Expected the network to return a tensor of shape [N, number of classes], or [N, 1] for two classes; for N = {samples} samples it returned {got}.":
        "A rede deve retornar um tensor de formato [N, número de classes], ou [N, 1] para duas classes; para N = {samples} amostras, ela retornou {got}.",
    # helpers/training.py
    "The loader gave no batch: is its dataset empty, drop_last on with too few rows, or is it a generator, which ends after one epoch?":
        "O loader não entregou nenhum batch: o dataset está vazio, drop_last está ligado e há poucas linhas, ou é um gerador, que acaba depois de uma época?",
    # helpers/processes.py
    "torchrun does not work on Windows. Use WSL or Colab, where it does.":
        "O torchrun não funciona no Windows. Use o WSL ou o Colab, onde ele funciona.",
    "`{command}` failed: {cause}": "`{command}` falhou: {cause}",
    "the process was ended by {signal}": "o processo foi encerrado por {signal}",
    "the process of rank {rank} was ended by {signal}": "o processo do rank {rank} foi encerrado por {signal}",
    "{cause}; its last line: {line}": "{cause}; a última linha dele: {line}",
    "the exit code is {code}": "o código de saída é {code}",
    # helpers/check/notebook_6.py
    "In two processes with shares of unequal size, both return the mean over all samples, even where one has none.":
        "Em dois processos com partes de tamanhos diferentes, os dois retornam a média de todas as amostras, mesmo quando um não tem nenhuma.",
    "Process 0 returns {first:.4g} and process 1 {second:.4g}, each the mean of its own share. Nothing has gone from one to the other: add up with `dist.all_reduce` before you divide.":
        "O processo 0 retorna {first:.4g} e o processo 1, {second:.4g}: cada um, a média da própria parte. Nada passou de um para o outro: some com `dist.all_reduce` antes de dividir.",
    "That comes from the means of the processes: {first:.4g}. Process 1 has more samples than process 0, so its mean should weigh more: add up totals and counts, and divide at the end.":
        "Isso vem das médias dos processos: {first:.4g}. O processo 1 tem mais amostras que o processo 0, e a média dele deveria pesar mais: some os totais e as contagens e divida no fim.",
    "The total of all processes is in that, but not their count: {first:.4g}. Divide by the samples of all processes, not by the number of processes: add up `count`, too.":
        "Aí está o total de todos os processos, mas não a contagem: {first:.4g}. Divida pelas amostras de todos os processos, não pelo número de processos: some `count` também.",
    "The total is that of all processes, but it is divided by the `count` of one: add up `count`, too.":
        "O total é o de todos os processos, mas é dividido pelo `count` de um só: some `count` também.",
    "This check needs processes that talk to each other, and on Windows PyTorch's do not. Use WSL or Colab.":
        "Esta verificação precisa de processos que conversem entre si, e no Windows os do PyTorch não conversam. Use o WSL ou o Colab.",
    "It has not come to an end in {seconds} seconds. Is there a loop, or does each process wait for what only the other could send?":
        "A função não chegou ao fim em {seconds} segundos. Há um laço sem fim, ou cada processo espera o que só o outro poderia mandar?",
    "Process {waiting[0]} waits for ever: it is at an `all_reduce` that the other process does not get to. Every process has to call it, whatever its rank, and even with a `count` of 0.":
        "O processo {waiting[0]} espera para sempre: ele está em um `all_reduce` a que o outro processo não chega. Todo processo precisa chamá-lo, seja qual for o rank, mesmo com `count` igual a 0.",
    "It returns {kind}. End with `return` and one number, the mean.": "A função retorna {kind}. Termine com `return` e um único número, a média.",
    "One process returns the right mean and the other does not: {first:.4g} and {second:.4g}. `dist.reduce` hands the sum to one process alone, `dist.all_reduce` to all.":
        "Um processo retorna a média certa, e o outro não: {first:.4g} e {second:.4g}. `dist.reduce` entrega a soma a um só processo; `dist.all_reduce`, a todos.",
    "The processes return {first:.4g} and {second:.4g}; the total of all divided by the count of all is {right:.4g}.":
        "Os processos retornam {first:.4g} e {second:.4g}; o total de todos dividido pela contagem de todos é {right:.4g}.",
    "Five of five. One order dealt out, one batch shared, one report, one file: that is all there is to it.":
        "Cinco de cinco. Uma ordem distribuída, um batch repartido, um relato, um arquivo: é só isso.",
    "1: If each takes what it likes, some samples come twice in an epoch and others not at all. Let all shuffle with the same seed, so that they have one order, and deal that out.":
        "1: Se cada um pega o que quiser, umas amostras aparecem duas vezes em uma época, e outras, nenhuma. Faça todos embaralharem com a mesma semente, para que tenham uma só ordem, e distribua essa ordem.",
    "1: With seeds of their own they have four different orders, and shares of these overlap. What makes the shares fit together is that all shuffle with the same seed.":
        "1: Com sementes próprias, eles têm quatro ordens diferentes, e as partes delas se sobrepõem. As partes só se encaixam porque todos embaralham com a mesma semente.",
    "2: Four times 120 would be a batch of 480: a quarter of the steps, and another training.":
        "2: Quatro vezes 120 seria um batch de 480: um quarto dos passos, e outro treinamento.",
    "2: The batch is what all processes compute together in one step: 120, in four shares.":
        "2: O batch é o que todos os processos calculam juntos em um passo: 120, em quatro partes.",
    "3: The gradients are averaged, not added up. The same total batch gives the same gradient, however many processes share it.":
        "3: Os gradientes viram uma média, não uma soma. O mesmo batch total dá o mesmo gradiente, sejam quantos forem os processos que o repartem.",
    "3: The mean of four gradients is not larger than one of them, so there is nothing to divide by. The same total batch gives the same gradient, and needs the same rate.":
        "3: A média de quatro gradientes não é maior que um deles, então não há o que dividir. O mesmo batch total dá o mesmo gradiente e pede a mesma taxa.",
    "4: All would write to the same file at once, and leave anything there. They all hold the same weights, so one copy is enough.":
        "4: Todos gravariam ao mesmo tempo no mesmo arquivo, e lá poderia ficar qualquer coisa. Todos têm os mesmos pesos, então uma cópia basta.",
    "4: After every step all processes hold the same weights: four files would be four copies.":
        "4: Depois de cada passo, todos os processos têm os mesmos pesos: quatro arquivos seriam quatro cópias.",
    "5: While rank 0 tests, the others go on to the next epoch, and wait there for rank 0. It is slow, and ends in an error where a wait is longer than their patience.":
        "5: Enquanto o rank 0 testa, os outros passam para a próxima época e lá esperam por ele. É lento, e dá erro quando a espera é maior que a paciência deles.",
    "5: `DistributedSampler` repeats samples until all shares have one size, so some would count twice. Slices, with sums of hits and samples, count each once.":
        "5: `DistributedSampler` repete amostras até que todas as partes tenham o mesmo tamanho, e algumas contariam duas vezes. Fatias, com somas de acertos e de amostras, contam cada uma uma vez só.",
}  # fmt: skip
